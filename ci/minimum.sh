#!/usr/bin/env bash
# The tests with the oldest versions that pyproject.toml allows.
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
# What the lock also holds may now be too new for the rest; the tests will tell.
"$python" -m pip list --format freeze --exclude-editable >&2
"$python" -m pytest -n 2 "$@"
