"""Files for CI are valid: shell scripts, workflows, actions, hooks."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support import ROOT

PROGRAMS = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = [ROOT / "action.yml", *sorted((ROOT / "ci").glob("*/action.yml"))]
GITLAB = ROOT / "ci" / "gitlab.yml"
GITLAB_PAGES = ROOT / "ci" / "gitlab-pages.yml"
SCRIPTS = sorted((ROOT / "ci").glob("*.sh"))
# Pinned by commit, because a tag can be moved to other code.
PINNED = {
    "actions/checkout": ("11bd71901bbe5b1630ceea73d27597364c9af683", "v4.2.2"),
    "actions/setup-python": ("0b93645e9fea7318ecaed2b359559ac225c90a2b", "v5.3.0"),
    "actions/deploy-pages": ("d6db90164ac5ed86f2b6aed7e0febac5b3c0c03e", "v4.0.5"),
    "actions/upload-artifact": ("b4b15b8c7c6ac21ea08fcf65892d2ee8f75cf882", "v4.4.3"),
}


def run(program: str, *arguments: object) -> str:
    """Run a linter, which must succeed; return its output."""
    done = subprocess.run(
        [str(PROGRAMS / program), *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_there_are_files_to_check() -> None:
    assert {file.name for file in WORKFLOWS} == {"ci.yml", "comment.yml", "reports.yml"}
    assert {file.parent.name for file in ACTIONS[1:]} == {"comment", "site"}
    assert {"reports.sh", "gitlab.sh"} <= {file.name for file in SCRIPTS}


def test_shellcheck_accepts_the_scripts_and_they_are_executable() -> None:
    run("shellcheck", *SCRIPTS)
    assert [file.name for file in SCRIPTS if not file.stat().st_mode & 0o100] == []


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-actions", ACTIONS),
        ("gitlab-ci", [GITLAB, GITLAB_PAGES]),
    ],
)
def test_workflows_actions_and_template_match_their_schemas(schema: str, files: list[Path]) -> None:
    more = ["--data-transform", schema] if schema == "gitlab-ci" else []
    run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *more, *files)


def test_zizmor_finds_nothing_in_workflows_and_actions() -> None:
    found = run(
        *("zizmor", "--offline", "--no-progress", "--strict-collection", "--collect", "all"),
        *("--format", "json", ROOT / ".github", *ACTIONS, ROOT / ".pre-commit-hooks.yaml"),
    )
    assert json.loads(found) == []


def test_the_hooks_are_valid_for_pre_commit() -> None:
    run("pre-commit", "validate-manifest", ".pre-commit-hooks.yaml")


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: str(file.name))
def test_every_third_party_action_is_pinned_by_its_commit(file: Path) -> None:
    for used in re.findall(r"uses: (.+)$", file.read_text("utf-8"), re.MULTILINE):
        name, _, rest = used.partition("@")
        if not used.startswith("./"):
            assert rest == "{}  # {}".format(*PINNED[name])


@pytest.mark.parametrize("file", [*WORKFLOWS, *ACTIONS], ids=lambda file: str(file.name))
def test_shell_commands_are_short_and_hold_no_expression(file: Path) -> None:
    for command in re.findall(r"run: (?:\|\n((?: {8}.*\n)+)|(.+)\n)", file.read_text("utf-8")):
        assert "${{" not in "".join(command)
        assert "".join(command).count("\n") <= 2


def test_only_the_workflow_without_untrusted_code_can_write() -> None:
    writing = []
    for file in WORKFLOWS:
        workflow = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
        rights = [workflow["permissions"]]
        rights += [job.get("permissions", {}) for job in workflow["jobs"].values()]
        if any("write" in each.values() for each in rights):
            writing.append(file.name)
            assert list(workflow["on"]) == ["workflow_run"]
            steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
            assert [step["with"] for step in steps if "checkout" in step["uses"]] == [
                {"persist-credentials": "false"}
            ]
        assert all(job["timeout-minutes"] for job in workflow["jobs"].values())
    assert writing == ["comment.yml"]


def test_the_gitlab_job_with_the_token_checks_nothing_out() -> None:
    jobs = yaml.load(GITLAB.read_text("utf-8"), yaml.BaseLoader)
    posting = [name for name, job in jobs.items() if "comment.py" in " ".join(job["script"])]
    assert posting == ["nianbao-comment"]
    job = jobs["nianbao-comment"]
    assert job["variables"] == {"GIT_STRATEGY": "none"}
    # The scope of the variable NIANBAO_TOKEN, so that no other job gets it.
    assert job["environment"]["name"] == "nianbao-comment"
    assert "environment" not in jobs["nianbao"]


def test_the_comment_uses_the_artifact_of_the_check() -> None:
    check = (ROOT / ".github" / "workflows" / "reports.yml").read_text("utf-8")
    comment = (ROOT / ".github" / "workflows" / "comment.yml").read_text("utf-8")
    (name,) = re.findall(r"^name: (.+)$", check, re.MULTILINE)
    assert f"workflows: [{name}]\n" in comment
    (artifact,) = re.findall('ARTIFACT, .+ = "([^"]+)",', (ROOT / "ci/comment.py").read_text())
    assert f"        name: {artifact}\n" in (ROOT / "action.yml").read_text("utf-8")


def test_the_site_is_published_from_the_default_branch_by_a_job_that_checks_nothing_out() -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    (text,) = re.findall(r"site\.yml`:\n\n```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    workflow = yaml.load(text, yaml.BaseLoader)
    assert workflow["on"] == {"push": {"branches": ["main"]}}
    assert workflow["permissions"] == {}
    build, deploy = workflow["jobs"]["site"], workflow["jobs"]["deploy"]
    assert build["permissions"] == {"contents": "read"}
    assert build["steps"][0]["with"] == {"fetch-depth": "0", "persist-credentials": "false"}
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]
    job = yaml.load(GITLAB_PAGES.read_text("utf-8"), yaml.BaseLoader)["pages"]
    assert job["rules"] == [{"if": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"}]
    assert job["variables"]["GIT_DEPTH"] == "0"


def test_the_examples_of_the_page_are_valid(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text("utf-8")
    examples = re.findall(r"^([^\n]+)\n\n```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(examples) == 7
    for above, text in examples:
        (name,) = re.findall(r"`([^`]+\.ya?ml)`", above) or [".gitlab-ci.yml"]
        file = tmp_path / Path(name).name
        file.write_text(text.replace("COMMIT", "0a" * 20), "utf-8")
        if name == ".pre-commit-config.yaml":
            run("pre-commit", "validate-config", file)
            offered = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
            assert re.findall("- id: (.+)", text)[::-1] == re.findall("- id: (.+)", offered)
            continue
        schema = "github-workflows" if name.startswith(".github") else "gitlab-ci"
        run("check-jsonschema", "--builtin-schema", f"vendor.{schema}", file)
        for used in re.findall("uses: (actions/.+)", text):
            action, _, rest = used.partition("@")
            assert rest == "{}  # {}".format(*PINNED[action])
