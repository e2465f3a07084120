"""``python -m nianbao``: the same program as ``nianbao`` and ``python build.py``."""

from nianbao.cli import run

if __name__ == "__main__":
    run()
