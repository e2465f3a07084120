"""Run `python -m nianbao`, which is the same program as `nianbao` and `python build.py`."""

from nianbao.cli.main import run

if __name__ == "__main__":
    run()
