"""Measure the accuracy of `import` on generated files of the kinds that offices have."""

import os
from pathlib import Path

# Files of offices, next to the repository or in the folder that the environment variable names.
REAL_FILES = Path(
    os.environ.get("REAL_FILES", Path(__file__).parents[3] / "shared" / "cases" / "files")
)
