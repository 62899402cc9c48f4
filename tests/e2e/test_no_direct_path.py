"""The whole way without a direct path, in processes of their own.

A resident's appeal goes to one courier over the local network, to a second one as a file, and with
that one to the city; the desk's answer comes back by a file, and to the resident by codes on a
screen, of which a third is never seen.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from client.services import qr
from shared_schema.sync.frames import Collector, Splitter
from tests import eye
from tests.e2e.stage import Stage, stage
from tests.e2e.test_lan import pull, serving

ANSWER = "Бригада виїхала."
FRAMES_MAX = 2_000


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Stage]:
    eye.need_zbar()
    with stage(tmp_path) as it:
        nowhere = "http://127.0.0.1:9"  # what the city's card says: nobody is ever there
        it.json("city", "init", it.city, "--name", "Надріччя", "--server", nowhere)
        for name in ("resident", "a", "b"):
            it.json("device", "new", it.root / name, "--card", it.city / "card.json")
        yield it


def by_file(place: Stage, giver: str, taker: str) -> dict[str, Any]:
    file = place.root / f"{giver}-{taker}.bundle"
    place.json("bundle", "export", file, "--profile", place.root / giver)
    (taken,) = place.json("bundle", "import", file, "--profile", place.root / taker)["files"]
    return dict(taken)


def by_codes(place: Stage, giver: str, taker: str, dice: random.Random) -> dict[str, Any]:
    """A file of the giver as pictures of codes, read by a decoder, back to a file of the taker."""
    shown, seen = place.root / "shown.bundle", place.root / "seen.bundle"
    place.json("bundle", "export", shown, "--profile", place.root / giver, "--no-public")
    splitter, collector = Splitter(shown.read_bytes()), Collector()
    for number in range(FRAMES_MAX):
        if dice.random() < 0.3:
            continue
        (text,) = eye.read(qr.drawn(splitter.text(number)))
        if (whole := collector.take(text).whole) is not None:
            seen.write_bytes(whole)
            break
    (taken,) = place.json("bundle", "import", seen, "--profile", place.root / taker)["files"]
    return dict(taken)


def test_by_lan_and_file_to_the_city_and_back_by_file_and_codes(place: Stage) -> None:
    filed = place.json(
        "appeal", "new", "--profile", place.resident, "--title", "Яма", "--text", "Глибока.",
    )  # fmt: skip
    with serving(place, place.root / "a", "--no-announce") as door:
        (shape,) = pull(place, place.resident, door.opened["address"])
    assert (shape["given"], shape["problem"]) == (1, "")
    assert by_file(place, "a", "b")["requests"] == 1

    place.start_server()
    assert place.exchange(place.root / "b")["carried"]["done"] == 1
    place.exchange(place.desk)
    place.json("desk", "reply", filed["record"], "--profile", place.desk, "--text", ANSWER)
    place.exchange(place.desk)
    place.json("bundle", "deliver", "--profile", place.root / "b", "--server", place.url)
    place.kill_server()

    assert by_file(place, "b", "a")["replies"] == 1
    taken = by_codes(place, "a", "resident", random.Random(7))
    assert (taken["own_replies"], taken["settled"], taken["refused"]) == (1, 1, [])
    shown = place.json("appeal", "show", filed["record"], "--profile", place.resident)
    assert [line["text"] for line in shown["said"]] == [ANSWER]
    assert shown["receipt"]["verified"] is True

    opened = [row for row in place.stored() if row[3].hex().startswith(filed["record"])]
    assert len(opened) == 1, "exactly once"
