"""Update the lock files, which name every dependency for every platform, with hashes.

The resolver (uv) is installed into a temporary environment. The package indexes configured on this
machine must not get into the files; see tests/test_setup.py.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLVER = "uv>=0.9,<1"
LOCKS = (
    ("--all-extras", "--group", "dev", "--output-file", "requirements.lock", "pyproject.toml"),
    ("--group", "bench", "--output-file", "requirements-bench.lock"),
)


def main() -> int:
    """Update both lock files; return the exit code."""
    with tempfile.TemporaryDirectory(prefix="nianbao-lock-") as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "-qq", RESOLVER], check=True)
        command = [
            *(str(programs / "uv"), "pip", "compile", "--no-config", "--quiet", "--upgrade"),
            *("--universal", "--python-version", "3.11", "--generate-hashes"),
            *("--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links"),
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "PIP_"))}
        for arguments in LOCKS:
            done = subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=False)
            if done.returncode:
                return done.returncode
        return 0


if __name__ == "__main__":
    sys.exit(main())
