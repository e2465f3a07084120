#!/usr/bin/env bash
# What a robot does with the reports of the current folder:
#
#   ci/reports.sh check               print the findings
#   ci/reports.sh quality FILE        write the findings as a Code Quality report of GitLab
#   ci/reports.sh build FOLDER        write every output
#   ci/reports.sh site FOLDER         write the site of all reports, with their PDF and Word files
#   ci/reports.sh comment REV FOLDER  write what changed since a git revision: FOLDER/comment.md
#
# FILE and FOLDER must be new and outside the current folder: what a stranger put there, a link for
# example, is never written through. STRICT=true: warnings fail too. Exit codes are the program's.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strict=()
if [[ ${STRICT:-} == true ]]; then strict=(--strict); fi

nianbao() {
  python3 "$home/build.py" "$@"
}

# Exit unless a path is new and lies outside the current folder.
must_be_new() {
  local parent
  if ! parent=$(cd -P -- "$(dirname -- "$1")" 2>/dev/null && pwd); then
    echo "没有 $(dirname -- "$1") 这个文件夹" >&2
    exit 1
  fi
  if [[ -e $1 || -L $1 ]]; then
    echo "$1 已经有了，换一个名字" >&2
    exit 1
  fi
  if [[ $parent/ == "$(pwd -P)"/* ]]; then
    echo "$1 在报告的仓库里面，换一个仓库以外的地方" >&2
    exit 1
  fi
}

# Run the program. `check` has written the annotations; the runner of GitHub must not show them a
# second time, nor take a text of a report for a command.
without_commands() {
  local code=0 token
  if [[ ${GITHUB_ACTIONS:-} != true ]]; then
    nianbao "$@"
    return
  fi
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  nianbao "$@" || code=$?
  echo "::$token::"
  return "$code"
}

build() {
  mkdir -- "$1"
  without_commands build "${strict[@]}" --output "$1"
}

# A report with errors ends this with 1, so that the site that is published stays as it is.
site() {
  without_commands build "${strict[@]}" --quiet --to html,pdf,md,docx
  without_commands site --output "$1"
}

comment() {
  local base code=0
  # GIT_ALLOW_PROTOCOL: a missing object is never fetched, which could run a configured program.
  if ! base=$(GIT_ALLOW_PROTOCOL=none git rev-parse --verify --quiet --end-of-options "$1^{commit}"); then
    echo "取不到 $1 这次提交，没法比较。取代码时深一些：GitHub 写 fetch-depth: 2" >&2
    return 1
  fi
  mkdir -- "$2"
  # The file is Markdown on every host.
  (unset GITHUB_ACTIONS && nianbao diff "$base" --format markdown --exit-code) \
    >"$2/comment.md" || code=$?
  if ((code > 1)) || [[ ! -s $2/comment.md ]]; then
    rm -f -- "$2/comment.md"
    return $((code ? code : 1))
  fi
  # Without changes no comment is begun, but an earlier one is updated.
  if ((code == 0)); then : >"$2/unchanged"; fi
}

case "${1:-} $#" in
'check 1') nianbao check "${strict[@]}" ;;
'quality 2')
  must_be_new "$2"
  set -o noclobber
  nianbao check --format gitlab >"$2" || (($? == 1))
  ;;
'build 2')
  must_be_new "$2"
  build "$2"
  ;;
'site 2')
  must_be_new "$2"
  site "$2"
  ;;
'comment 3')
  must_be_new "$3"
  comment "$2" "$3"
  ;;
*)
  echo "用法：$0 check | quality 文件 | build 文件夹 | site 文件夹 | comment 版本 文件夹" >&2
  exit 2
  ;;
esac
