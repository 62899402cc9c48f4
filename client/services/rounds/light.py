"""The light: pure, so that it can be shown to be true.

It looks at what is here and at what the city has signed for, never at what was tried. A reply
counts as handed over when the volunteer says so about that very reply: a newer one, which may hold
the desk's answer, has to be handed over again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from client.services.courier.types import Carried, CourierState
from client.services.rounds.types import Light, Missing


def replies_due(carried: Iterable[Carried], handed: Mapping[str, int]) -> dict[str, int]:
    """Whose replies are here and were not handed over: sender to the city's time in the newest.

    Args:
        handed: for each sender, the city's time in the last reply that was handed over.
    """
    newest: dict[str, int] = {}
    for each in carried:
        if each.replied_ms is not None:
            newest[each.sender] = max(newest.get(each.sender, 0), each.replied_ms)
    return {sender: at for sender, at in newest.items() if handed.get(sender, -1) < at}


def light_of(state: CourierState, replies: int) -> Light:
    """What is missing, the most urgent first.

    Args:
        replies: how many senders have a reply here that is due.
    """
    lacks = (
        Missing("urgent", state.waiting_urgent),
        Missing("carried", state.waiting - state.waiting_urgent),
        Missing("own", state.own_waiting),
        Missing("replies", replies),
    )
    return Light(tuple(each for each in lacks if each.amount))
