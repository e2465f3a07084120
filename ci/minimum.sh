#!/usr/bin/env bash
# Run the tests with the oldest versions that pyproject.toml allows.
#
#   ci/minimum.sh [ARGUMENTS OF PYTEST]
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
python=$folder/venv/bin/python
"$python" -m pip install --quiet --require-hashes --requirement requirements.lock
"$python" -m pip install --quiet 'uv>=0.9,<1'
"$folder/venv/bin/uv" pip compile --quiet --no-config --resolution lowest-direct \
  --output-file "$folder/lowest.txt" pyproject.toml
"$python" -m pip install --quiet --requirement "$folder/lowest.txt"
"$python" -m pip list
# Not the fonts of the checkout: another version of the subsetter replaces them.
export NIANBAO_FONTS=$folder/fonts
"$python" build.py fonts
"$python" -m pytest -n 2 "$@"
