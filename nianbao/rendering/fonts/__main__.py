"""Install or verify the fonts: `python -m nianbao.rendering.fonts`."""

import argparse
import sys
from functools import partial

from nianbao.rendering.fonts.install import install, is_ready
from nianbao.rendering.fonts.store import FontsMissingError, damaged_faces, how_to_install
from nianbao.utils.text import escape_unencodable


def main() -> int:
    """Install or verify the fonts, as the command line says; return the exit code."""
    escape_unencodable(sys.stdout)
    escape_unencodable(sys.stderr)
    parser = argparse.ArgumentParser(
        prog="nianbao.rendering.fonts", description="安装生成 PDF 所用的字体"
    )
    parser.add_argument("--force", action="store_true", help="重新下载并裁剪，即使已经装好")
    parser.add_argument("--quiet", action="store_true", help="已经装好时不出声")
    parser.add_argument("--check", action="store_true", help="只核对字体文件的 SHA-256")
    options = parser.parse_args()
    try:
        if options.check:
            damaged = damaged_faces()
            for installed in damaged:
                print(f"字体文件已被改动：{installed.path}。{how_to_install()}。", file=sys.stderr)
            return 1 if damaged else 0
        if not options.quiet or not is_ready():
            install(options.force, partial(print, flush=True))
    except FontsMissingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
