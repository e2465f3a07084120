#!/usr/bin/env bash
# Test the packages: install the wheel and the unpacked sdist, each with its dependencies into a new
# environment, and run them in a repository that holds only a report. Fonts: those of `make setup`.
#
#   ci/packed.sh [FORMATS]   by default all formats
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
home=$PWD
export NIANBAO_FONTS=$home/.fonts
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/build"
"$folder/build/bin/python" -m pip install --quiet 'hatchling>=1.27'
"$folder/build/bin/python" -m hatchling build -d "$folder/dist"
mkdir "$folder/sdist"
tar -xzf "$folder"/dist/*.tar.gz -C "$folder/sdist" --strip-components 1

try_package() {
  local name=$1 package=$2 nianbao=$folder/$1/venv/bin/nianbao
  mkdir -p "$folder/$name/repository/reports"
  python3 -m venv "$folder/$name/venv"
  "$folder/$name/venv/bin/python" -m pip install --quiet "$package"
  cd "$folder/$name/repository"
  cp "$home/reports/2022.yaml" reports/
  "$nianbao" fmt --check
  "$nianbao" check
  "$nianbao" build --to "$formats"
  "$nianbao" new 2023
  test -s reports/2023.yaml
  ls output
}

formats=${1:-html,pdf,md}
try_package wheel "$(echo "$folder"/dist/*.whl)"
try_package unpacked "$folder/sdist"
