"""`make import-quality`: make files as offices make them, import them, compare with the truth."""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from import_quality.measure import Score, measure, samples


def main() -> None:
    """Print the accuracy for each kind of file and in total; with --each also every error."""
    parser = argparse.ArgumentParser(prog="make import-quality", description="导入的准确率")
    parser.add_argument("--folder", type=Path, help="量这个文件夹里的文件，不另造")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", action="store_true", help="列出每处不对的")
    options = parser.parse_args()
    if options.folder:
        _print(options.folder, each=options.each)
        return
    with tempfile.TemporaryDirectory(prefix="nianbao-import-") as folder:
        _make(Path(folder), random.Random(options.seed))
        _print(Path(folder), each=options.each)


def _make(folder: Path, rng: random.Random) -> None:
    from import_quality import pdf, sheets, web, word

    for part in (word, web, pdf, sheets):
        part.make_samples(folder, rng)


def _print(folder: Path, *, each: bool) -> None:
    total = Score()
    groups: dict[str, Score] = {}
    for file in samples(folder):
        score = measure(file)
        kind = file.name.split("-")[0] + file.suffix
        groups.setdefault(kind, Score()).add(score)
        total.add(score)
    for kind, score in [*sorted(groups.items()), ("合计", total)]:
        print(f"{kind}：{describe(score)}")
    if each:
        print("\n".join(total.problems))


def describe(score: Score) -> str:
    """Return the figures of a score in Chinese, on one line."""
    cells = score.right / score.cells if score.cells else 0.0
    text = score.placed / score.characters if score.characters else 0.0
    surplus = score.surplus / score.characters if score.characters else 0.0
    return (
        f"{score.files} 个文件，{score.failed} 个没有导入；格 {cells:.2%}，"
        f"没列出的错数 {score.silent}；文字 {text:.2%}，"
        f"多出 {surplus:.2%}；年度、机关、日期、文号 {score.known}/{score.heads}；"
        f"存疑 {score.doubts} 处；"
        f"不是报告的拒绝了 {score.refused}/{score.strangers}；最慢 {score.slowest:.1f} 秒"
    )


if __name__ == "__main__":
    main()
