"""What must be true of everybody's disk: nothing that is private lies on it in clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from misto.simulation.acts import PRIVATE, PUBLIC
from misto.simulation.couriers.facts import Checker, Facts
from shared_schema.sync.receive import read_request

_ENCODINGS: Final = ("utf-8", "utf-16-le", "cp1251")


def nothing_private_is_in_clear(facts: Facts) -> Iterable[str]:
    """No file of a device or of the server, freed pages and WAL included, has a private text.

    Nor has a carried request, unpacked. That public texts are found shows that they would be, too.
    """
    folders = {each.name: each.folder for each in facts.people.every}
    folders["server"] = facts.story.ledger.folder
    seen = False
    for name, folder in folders.items():
        for raw in _files(folder):
            seen = seen or _has(raw, PUBLIC)
            if _has(raw, PRIVATE):
                yield f"{name}: a private text is on its disk"
    for walker in facts.people.every:
        if any(_tells(raw) for raw in walker.carries()):
            yield f"{walker.name}: it carries a private text"
    if not seen:
        yield "not even a public text was found"


ALWAYS: Final[tuple[Checker, ...]] = (nothing_private_is_in_clear,)


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.read_bytes()


def _has(raw: bytes, text: str) -> bool:
    return any(text.encode(each) in raw for each in _ENCODINGS)


@lru_cache(maxsize=1 << 14)
def _tells(request: bytes) -> bool:
    runs = read_request(request).runs
    changes = (each.change for run in runs for each in run.offered)
    return any(change is not None and _has(change.raw, PRIVATE) for change in changes)
