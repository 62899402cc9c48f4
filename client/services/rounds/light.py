"""The light: pure, so that it can be shown to be true.

It looks at what is here and at what the city has signed for, never at what was tried. A reply
counts as handed over when the volunteer says so, as far as it went then: when the city has said
more to the same person since, a verdict or an answer of the desk, that has to be handed over too.
"""

from __future__ import annotations

from client.services.courier.types import CourierState
from client.services.rounds.types import Light, Missing


def light_of(state: CourierState, replies: int, slips: int = 0) -> Light:
    """What is missing, the most urgent first.

    Args:
        replies: how many senders have a reply here that is due.
        slips: how many slips made here are not known to be with their owners.
    """
    lacks = (
        Missing("urgent", state.waiting_urgent),
        Missing("carried", state.waiting - state.waiting_urgent),
        Missing("own", state.own_waiting),
        Missing("replies", replies),
        Missing("slips", slips),
    )
    return Light(tuple(each for each in lacks if each.amount))
