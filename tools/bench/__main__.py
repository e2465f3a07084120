"""`make bench`: measure the targets of docs/benchmarks.md and print them."""

from __future__ import annotations

import argparse
import os

from bench.checking import bench_check, bench_pathological
from bench.cluster import bench_cluster
from bench.peers import describe_versions
from bench.site import bench_site
from bench.targets import PARTS, run

EXTRA_PARTS = ("check", "slow", "cluster", "site")


def main() -> None:
    """Run the parts named on the command line, by default the nine targets."""
    parser = argparse.ArgumentParser(prog="make bench", description="量速度、内存和安全")
    parser.add_argument(
        "parts", nargs="*", metavar="部分", help="1 … 9，check，slow，cluster，site"
    )
    parser.add_argument(
        "--count", type=int, default=1000, help="3、4、5、8、9 用多少份报告（8 还用五倍）"
    )
    parser.add_argument("--runs", type=int, default=5, help="每个程序跑几遍")
    options = parser.parse_args()
    parts = options.parts or list(PARTS)
    if unknown := set(parts) - {*PARTS, *EXTRA_PARTS}:
        parser.error(f"没有这一部分：{'、'.join(sorted(unknown))}")
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    print(f"{describe_versions()}；{os.cpu_count()} 核，开始时负载 {load:.1f}", flush=True)
    run([part for part in parts if part in PARTS], options.count, options.runs)
    if "check" in parts:
        bench_check(options.count)
    if "cluster" in parts:
        bench_cluster(options.count)
    if "site" in parts:
        bench_site(options.count, options.runs)
    if "slow" in parts:
        bench_pathological()


if __name__ == "__main__":
    main()
