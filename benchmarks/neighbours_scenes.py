"""What is played between neighbours; each scene says what went wrong, in words, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.neighbours import HOTSPOT, Shape, lying, moved, pull, pulled, serving
from shared_schema.sync.lan_address import read_address

Scene = Callable[[Path], list[str]]


def _wrong(**checks: bool) -> list[str]:
    return [name.replace("_", " ") for name, good in checks.items() if not good]


def _well(shapes: list[Shape], *addresses: str) -> bool:
    """Whether exactly these doors were found, and each visit came to its end."""
    found = sorted(each["address"] for each in shapes if not each["problem"])
    return found == sorted(addresses)


def found(folder: Path) -> list[str]:
    """One serves, another one finds it and hands over."""
    with serving(folder, "ann") as door:
        shapes = pull(folder, "bob")
        closed = door.shut()
    return _wrong(
        announced=door.opened["announced"] is True,
        found_and_visited=_well(shapes, door.opened["address"]),
        appeal_is_there=closed["taken"]["requests"] == 1,
        gone_when_shut=pull(folder, "bob") == [],
    )


def two_doors(folder: Path) -> list[str]:
    """Two serve at once: both are found and visited, and what one gave goes on to the other."""
    with serving(folder, "ann") as one, serving(folder, "cat") as two:
        shapes = pull(folder, "bob")
        first, second = one.shut(), two.shut()
    return _wrong(
        both_visited=_well(shapes, one.opened["address"], two.opened["address"]),
        both_have_it=min(each["taken"]["requests"] for each in (first, second)) >= 1,
        names_differ=one.opened["address"] != two.opened["address"],
    )


def from_wifi_to_hotspot(folder: Path) -> list[str]:
    """The one who serves turns on a hotspot: its number changes, and the door goes with it."""
    with serving(folder, "ann") as door:
        first = pull(folder, "bob")
        moved("ann", f"{HOTSPOT}.1/28")
        moved("cat", f"{HOTSPOT}.3/28")
        again = door.line()
        second = pull(folder, "cat")
        closed = door.shut()
    return _wrong(
        on_the_wifi=_well(first, door.opened["address"]),
        opened_again=again["announced"] is True,
        at_the_new_number=read_address(again["address"]).host == f"{HOTSPOT}.1",
        by_a_new_key=again["address"][-16:] != door.opened["address"][-16:],
        on_the_hotspot=_well(second, again["address"]),
        both_were_there=closed["taken"]["requests"] == 2,
    )


def a_liar(folder: Path) -> list[str]:
    """Somebody announces the honest door with another key: refused, and the honest one visited."""
    with serving(folder, "ann") as door:
        honest = read_address(door.opened["address"])
        with lying("cat", honest.host, honest.port):
            shapes = pull(folder, "bob")
            sentence = pulled(folder, "bob")
        closed = door.shut()
    refused = [each for each in shapes if each["address"] != door.opened["address"]]
    return _wrong(
        both_announced=len(shapes) == 2,
        liar_refused=[each["problem"] for each in refused] == ["wrong_peer"],
        nothing_given_to_it=all(each["bytes_up"] == 0 for each in refused),
        honest_visited=_well(shapes, door.opened["address"]),
        a_sentence_says_so="another device" in sentence,
        honest_twice=(closed["visits"], closed["taken"]["requests"]) == (2, 1),
    )


SCENES: Final[dict[str, Scene]] = {
    "found": found,
    "two doors": two_doors,
    "from Wi-Fi to hotspot": from_wifi_to_hotspot,
    "a liar": a_liar,
}
