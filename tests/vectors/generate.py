"""Make the golden vectors: `python -m tests.vectors.generate [--reseal]`.

Everything is computed from fixed keys (`cast.py`) and from what is kept (`kept.py`) because its
bytes cannot be computed again; `--reseal` makes that anew. What is kept is opened on the way, so a
run that ends well has checked it. Vectors change only together with the protocol: a change here
that is not meant is a break with clients in the field.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.vectors import (
    bundles,
    couriers,
    folds,
    frames,
    hostile,
    kept,
    lan,
    parts,
    policies,
    seals,
    small,
    wire,
)


def make(these: kept.Kept) -> dict[str, object]:
    """All vectors, by file name."""
    return {
        "kept": kept.save(these),
        "ids": small.identifiers(),
        "packing": small.packings(these),
        "padding": small.paddings(),
        "digests": small.digests(),
        "slips": small.slips(),
        "changes": wire.changes(these),
        "runs": wire.runs(),
        "bundles": bundles.bundles(these),
        "couriers": couriers.couriers(these),
        "statements": wire.statements(these),
        "sealing": seals.seals(these),
        "folds": folds.folds(),
        "policy": policies.policy(these),
        "bad": hostile.bad(these),
        "frames": frames.vectors(),
        "lan": lan.vectors(),
        "parts": parts.vectors(),
    }


def write(folder: Path, vectors: dict[str, object]) -> None:
    """One JSON file each."""
    folder.mkdir(exist_ok=True)
    for name, document in vectors.items():
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Write the vectors."""
    write(kept.FOLDER, make(kept.make() if "--reseal" in sys.argv else kept.load()))


if __name__ == "__main__":
    main()
