#!/usr/bin/env bash
# Steps of a CI job, for the reports of the working folder:
#
#   ci/reports.sh check               print findings; in GitLab, write gl-code-quality-report.json too
#   ci/reports.sh build FOLDER        build every output into a folder outside the repository
#   ci/reports.sh comment REV FOLDER  write the changes since a git revision to FOLDER/comment.md
#
# STRICT=true: warnings fail too. Exit codes are those of the program.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
strict=()
if [[ ${STRICT:-} == true ]]; then strict=(--strict); fi

nianbao() {
  python3 "$home/build.py" "$@"
}

check() {
  if [[ ${GITLAB_CI:-} == true ]]; then
    # The second check below prints the findings as text and sets the exit code.
    nianbao check --format gitlab >gl-code-quality-report.json || true
  fi
  nianbao check "${strict[@]}"
}

build() {
  local code=0 token
  if [[ ${GITHUB_ACTIONS:-} != true ]]; then
    nianbao build "${strict[@]}" --output "$1"
    return
  fi
  # The check has printed the annotations; the runner must not show them twice.
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  nianbao build "${strict[@]}" --output "$1" || code=$?
  echo "::$token::"
  return "$code"
}

comment() {
  local base code=0
  if ! base=$(git rev-parse --verify --quiet --end-of-options "$1^{commit}"); then
    echo "取不到 $1 这次提交，没法比较。取代码时深一些：GitHub 写 fetch-depth: 2" >&2
    return 1
  fi
  mkdir -p "$2"
  # The file is Markdown on every host.
  (unset GITHUB_ACTIONS && nianbao diff "$base" --format markdown --exit-code) \
    >"$2/comment.md" || code=$?
  if ((code > 1)) || [[ ! -s $2/comment.md ]]; then
    rm -f "$2/comment.md"
    return $((code ? code : 1))
  fi
  # Without changes there is no new comment, but an earlier one is updated.
  if ((code == 0)); then : >"$2/unchanged"; fi
}

case "${1:-} $#" in
'check 1') check ;;
'build 2') build "$2" ;;
'comment 3') comment "$2" "$3" ;;
*)
  echo "用法：$0 check | build 文件夹 | comment 版本 文件夹" >&2
  exit 2
  ;;
esac
