"""Make the demonstration: `python -m demo [FOLDER]`, output/demo by default."""

from __future__ import annotations

import sys
from pathlib import Path

from demo.repository import DemoError, make_demo, new_folder

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Make the reports, their outputs and the site; return the exit code.

    `arguments`: the words of the command line after the name of the program.
    """
    try:
        folder = new_folder(Path(arguments[0]) if arguments else ROOT / "output" / "demo")
        home = make_demo(folder, ["html", "pdf", "md", "docx"])
    except DemoError as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"用浏览器打开 {home}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
