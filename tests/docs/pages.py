"""Reading the pages: their tables, as rows of cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PROTOCOL: Final = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def rows(*heading: str) -> list[list[str]]:
    """The rows of the protocol page's one table whose header line begins with these cells."""
    head = r" *\| *".join(map(re.escape, heading))
    found = re.findall(rf"^\| *{head} *\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PROTOCOL, re.M)
    assert len(found) == 1, f"{len(found)} tables begin with {heading!r}"
    return [
        [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        for line in found[0].strip().splitlines()
    ]
