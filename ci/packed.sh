#!/usr/bin/env bash
# Whether what is packed works: wheel and unpacked sdist, each installed into an environment of its
# own, in a repository that holds nothing but a report. The fonts are those of `make setup`.
#
#   ci/packed.sh [FORMATS]   by default all of them
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

try() {
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
try wheel "$(echo "$folder"/dist/*.whl)"
try unpacked "$folder/sdist"
