#!/usr/bin/env bash
# The job of ci/gitlab.yml. It runs all steps even if one fails, and returns the last failure.
#
# With NIANBAO_TOKEN it writes the note on the merge request.
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
code=0

make -C "$home" setup
"$home/ci/reports.sh" check || code=$?
"$home/ci/reports.sh" build nianbao-output || code=$?
if [[ -n ${CI_MERGE_REQUEST_DIFF_BASE_SHA:-} ]]; then
  git fetch --quiet --depth 1 origin "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
  "$home/ci/reports.sh" comment "$CI_MERGE_REQUEST_DIFF_BASE_SHA" nianbao-comment || code=$?
  if [[ -n ${NIANBAO_TOKEN:-} && -f nianbao-comment/comment.md ]]; then
    python3 "$home/ci/comment.py" nianbao-comment || code=$?
  fi
fi
exit "$code"
