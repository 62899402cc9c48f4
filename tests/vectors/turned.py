"""Vectors of keys that turn: which key a queue has in force, and for whom its secret is wrapped.

The fold does not open wraps, so these are patterns; one that opens is in `data/sealing.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shared_schema.records.trust import Granted, Keyed, TrustAct, Wrap, fold_trust
from tests.vectors import cast
from tests.vectors.told import Told

CARD: Final = {"general": cast.QUEUE, "water": cast.OTHER_QUEUE}
"""The queues of the vectors' card."""
_MS: Final = cast.NOW_MS
_MINE: Final = cast.DESK.device
_OTHERS: Final = cast.SECOND_DESK.device


def turns() -> dict[str, list[Told]]:
    """Acts by what they show."""
    first = _turn(1, 5, "general", 600, "aa", _for(_MINE, "01"), _for(_OTHERS, "02"))
    swapped = _turn(2, 9, "general", 600, "bb", _for(_MINE, "03"))
    more = _turn(3, 12, "general", 600, "aa", _for(_MINE, "04"), _for(_MINE, "01"))
    return {
        "the card's key, until there is a newer one": [_grant(1, 1, "")],
        "a newer key, for two officers": [first],
        "a key that is told again under its number adds wraps, another one nothing": [
            first, swapped, more,
        ],
        "a clock that ran ahead is clamped: what the city received first decides": [
            _turn(1, 999_999, "general", 600, "aa", _for(_MINE, "01"), received=5), swapped,
        ],
        "the card stands before all acts": [
            _turn(1, 5, "general", 1, "aa", _for(_MINE, "01")),
            Told("enrolment", 2, _MS + 6, None, Keyed(
                "general", 1, cast.QUEUE.public_key.hex(), [_for(_OTHERS, "05")]
            )),
        ],
        "each queue has numbers of its own; a lower one is not in force": [
            _turn(1, 5, "general", 600, "aa"), _turn(2, 6, "water", 512, "bb"),
        ],
        "a queue that is not on the card": [_turn(1, 5, "roads", 700, "aa", _for(_MINE, "01"))],
        "the box key is that of the last grant that has one": [
            _grant(1, 1, "a1"), _grant(2, 2, "a2"), _grant(3, 3, ""),
        ],
    }  # fmt: skip


def card() -> dict[str, list[Any]]:
    """The card's queues, as JSON."""
    return {queue: [key.number, key.public_key.hex()] for queue, key in CARD.items()}


def state_of(acts: Sequence[Mapping[str, Any]]) -> object:
    """What the code under test makes of acts."""
    grants = fold_trust((TrustAct(**act) for act in acts), CARD)
    return {
        "boxes": {device.hex(): box.hex() for device, box in grants.boxes.items()},
        "in_force": {queue: grants.key_in_force(queue).number for queue in grants.keys},
        "keys": {
            queue: {
                str(number): [
                    key.public_key.hex(),
                    {device.hex(): [each.hex() for each in wraps]
                     for device, wraps in key.wraps.items()},
                ]
                for number, key in keys.items()
            }
            for queue, keys in grants.keys.items()
        },
    }  # fmt: skip


def _turn(
    seq: int, ms: int, queue: str, number: int, key: str, *wraps: Wrap, received: int | None = None
) -> Told:
    keyed = Keyed(queue, number, key * 32, list(wraps))
    return Told("enrolment", seq, _MS + ms, None if received is None else _MS + received, keyed)


def _grant(seq: int, ms: int, box: str) -> Told:
    grant = Granted(cast.DESK.public_key.hex(), "desk", cast.GENERAL, "Стіл звернень", box * 32)
    return Told("enrolment", seq, _MS + ms, None, grant)


def _for(device: bytes, pattern: str) -> Wrap:
    return Wrap(device.hex(), pattern * 80)
