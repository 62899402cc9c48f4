"""What may be wiped of what is carried: one rule, for the app and the command line. Pure.

What the city has not given all its verdicts on stays: this may be the only copy on its way. What a
reply says and nobody has handed over stays, with all of its sender's requests: they are the only
way to what the desk says next. Only a person who says so wipes that, and is told how many lose it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from client.services.courier.types import Carried, Cleared

URGENT_MIN: Final = 2


class Sorted(NamedTuple):
    """What goes and what stays."""

    gone: tuple[Carried, ...]
    kept: tuple[Carried, ...]
    cleared: Cleared


def replies_due(carried: Iterable[Carried], handed: Mapping[str, int]) -> list[Carried]:
    """The requests whose replies have something that was not handed over.

    Args:
        handed: for each request, how much its reply said when it was handed over.
    """
    return [each for each in carried if each.said > handed.get(each.request, 0)]


def people(due: Iterable[Carried]) -> frozenset[str]:
    """The senders, in hex, to whom something has to be handed over."""
    return frozenset(each.sender for each in due)


def sort(carried: Sequence[Carried], handed: Mapping[str, int], *, replies_too: bool) -> Sorted:
    """What goes and what stays, and why.

    Args:
        handed: see `replies_due`.
        replies_too: also what is still to be handed over, because a person said so.
    """
    due = people(replies_due(carried, handed))
    owed = frozenset() if replies_too else due
    gone = tuple(each for each in carried if each.done and each.sender not in owed)
    kept = tuple(each for each in carried if not each.done or each.sender in owed)
    lost = people(replies_due(gone, handed))
    cleared = Cleared(
        requests=len(gone),
        bytes=sum(each.size for each in gone),
        kept=len(kept),
        kept_urgent=sum(each.urgency >= URGENT_MIN for each in kept),
        waiting=sum(not each.done for each in kept),
        owed=len(owed),
        lost=len(lost),
    )
    return Sorted(gone, kept, cleared)
