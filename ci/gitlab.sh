#!/usr/bin/env bash
# The job `nianbao` of ci/gitlab.yml: check, build and compare the reports, then fail if one failed.
#
# Everything is written into a new folder outside the checkout. GitLab takes artifacts from inside
# the checkout alone, so at the end the whole folder is put there, in the place of whatever a merge
# request has under its name. This job has no use for a token that can write.
set -euo pipefail
unset NIANBAO_TOKEN

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=$(mktemp -d)
code=0

make -C "$home" setup
"$home/ci/reports.sh" check || code=$?
"$home/ci/reports.sh" quality "$out/gl-code-quality-report.json" || code=$?
"$home/ci/reports.sh" build "$out/output" || code=$?
if [[ -n ${CI_MERGE_REQUEST_DIFF_BASE_SHA:-} ]]; then
  git fetch --quiet --depth 1 origin "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
  "$home/ci/reports.sh" comment "$CI_MERGE_REQUEST_DIFF_BASE_SHA" "$out/comment" || code=$?
fi
chmod 755 "$out"
rm -rf -- nianbao-artifacts
mv -T -- "$out" nianbao-artifacts
exit "$code"
