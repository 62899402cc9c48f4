"""`python -m benchmarks [NAME …]`: run benches and print a JSON object a line."""

from __future__ import annotations

import json
import sys

from benchmarks.cli import BENCHES, run_bench


def _progress(step: str, done: int, total: int) -> None:
    print(f"{step}: {done}/{total}", file=sys.stderr)


if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        print(json.dumps(run_bench(name, None, _progress), ensure_ascii=False), flush=True)
