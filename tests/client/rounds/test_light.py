"""The light is true: green only when the city has signed for everything, and all is handed on."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.courier.types import Carried
from client.services.rounds.light import light_of, replies_due
from tests.client.rounds.fake_courier import FakeCourier, request

A, B = "aa" * 16, "bb" * 16
TABLE: Final[list[tuple[str, list[Carried], int, dict[str, int], dict[str, int]]]] = [
    ("nothing is here", [], 0, {}, {}),
    ("taken, and not delivered", [request(A)], 0, {}, {"carried": 1}),
    ("urgent ones are told apart", [request(A, urgency=3), request(B)], 0, {},
     {"urgent": 1, "carried": 1}),
    ("own words wait", [], 2, {}, {"own": 2}),
    ("the city answered about some of it", [request(A, replied_ms=5)], 0, {},
     {"carried": 1, "replies": 1}),
    ("received: the receipt has to go back", [request(A, done=True, replied_ms=5)], 0, {},
     {"replies": 1}),
    ("received, and the receipt was handed over", [request(A, done=True, replied_ms=5)], 0,
     {A: 5}, {}),
    ("handed over, and then the desk replied", [request(A, done=True, replied_ms=9)], 0, {A: 5},
     {"replies": 1}),
    ("one of two people has the reply", [request(A, done=True, replied_ms=5),
     request(B, done=True, replied_ms=5)], 0, {A: 5}, {"replies": 1}),
    ("two replies for one person are one errand", [request(A, done=True, replied_ms=5),
     request(A, done=True, replied_ms=7, number=2)], 0, {}, {"replies": 1}),
    ("the older of two was handed over", [request(A, done=True, replied_ms=5),
     request(A, done=True, replied_ms=7, number=2)], 0, {A: 5}, {"replies": 1}),
    ("handed over to somebody else", [request(A, done=True, replied_ms=5)], 0, {B: 9},
     {"replies": 1}),
    ("the server's clock went back", [request(A, done=True, replied_ms=4)], 0, {A: 5}, {}),
    ("all at once", [request(A, urgency=2, replied_ms=1), request(B)], 1, {},
     {"urgent": 1, "carried": 1, "own": 1, "replies": 1}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("carried", "own", "handed", "missing"),
    [case[1:] for case in TABLE], ids=[case[0] for case in TABLE],
)  # fmt: skip
def test_the_light_says_what_is_missing(
    carried: list[Carried], own: int, handed: dict[str, int], missing: dict[str, int]
) -> None:
    courier = FakeCourier(carried, own)
    light = light_of(courier.state(), len(replies_due(carried, handed)))
    assert dict(light.missing) == missing
    assert light.green is (not missing)


_CARRIED = st.lists(
    st.builds(
        request,
        st.sampled_from([A, B]),
        done=st.booleans(),
        replied_ms=st.none() | st.integers(0, 9),
        urgency=st.integers(0, 3),
        number=st.integers(0, 99),
    ),
    max_size=6,
)


@given(_CARRIED, st.integers(0, 2), st.dictionaries(st.sampled_from([A, B]), st.integers(0, 9)))
def test_green_means_that_nothing_can_be_lost(
    carried: list[Carried], own: int, handed: dict[str, int]
) -> None:
    light = light_of(FakeCourier(carried, own).state(), len(replies_due(carried, handed)))
    unsigned = any(not each.done for each in carried)
    undelivered = any(
        each.replied_ms is not None and handed.get(each.sender, -1) < each.replied_ms
        for each in carried
    )
    assert light.green is not (unsigned or undelivered or own > 0)
