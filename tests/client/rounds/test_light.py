"""The light is true: green only when the city has signed for everything, and all is handed on."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.courier.clearing import people, replies_due
from client.services.courier.types import Carried
from client.services.rounds.light import light_of
from tests.client.rounds.fake_courier import FakeCourier, request

A, B = "aa" * 16, "bb" * 16
A1, A2, B1 = f"{A}01", f"{A}02", f"{B}01"
TABLE: Final[list[tuple[str, list[Carried], int, dict[str, int], dict[str, int]]]] = [
    ("nothing is here", [], 0, {}, {}),
    ("taken, and not delivered", [request(A)], 0, {}, {"carried": 1}),
    ("urgent ones are told apart", [request(A, urgency=3), request(B)], 0, {},
     {"urgent": 1, "carried": 1}),
    ("own words wait", [], 2, {}, {"own": 2}),
    ("the city answered about some of it", [request(A, said=1)], 0, {},
     {"carried": 1, "replies": 1}),
    ("it answered that it had no time", [request(A)], 0, {}, {"carried": 1}),
    ("received: the receipt has to go back", [request(A, done=True, said=1)], 0, {},
     {"replies": 1}),
    ("received, and the receipt was handed over", [request(A, done=True, said=1)], 0, {A1: 1}, {}),
    ("handed over, and then the desk replied", [request(A, done=True, said=2)], 0, {A1: 1},
     {"replies": 1}),
    ("one of two people has the reply",
     [request(A, done=True, said=1), request(B, done=True, said=1)], 0, {A1: 1}, {"replies": 1}),
    ("two replies for one person are one errand",
     [request(A, done=True, said=1), request(A, done=True, said=1, number=2)], 0, {},
     {"replies": 1}),
    ("one of two was handed over",
     [request(A, done=True, said=1), request(A, done=True, said=1, number=2)], 0, {A1: 1},
     {"replies": 1}),
    ("both were",
     [request(A, done=True, said=1), request(A, done=True, said=1, number=2)], 0, {A1: 1, A2: 1},
     {}),
    ("handed over to somebody else", [request(A, done=True, said=1)], 0, {B1: 9}, {"replies": 1}),
    ("a worse copy of the reply came", [request(A, done=True, said=1)], 0, {A1: 2}, {}),
    ("all at once", [request(A, urgency=2, said=1), request(B)], 1, {},
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
    light = light_of(courier.state(), len(people(replies_due(carried, handed))))
    assert dict(light.missing) == missing
    assert light.green is (not missing)


_CARRIED = st.lists(
    st.builds(
        request,
        st.sampled_from([A, B]),
        done=st.booleans(),
        said=st.integers(0, 3),
        urgency=st.integers(0, 3),
        number=st.integers(1, 3),
    ),
    max_size=6,
)


_HANDED = st.dictionaries(st.sampled_from([A1, A2, B1]), st.integers(0, 3))


@given(_CARRIED, st.integers(0, 2), _HANDED)
def test_green_means_that_nothing_can_be_lost(
    carried: list[Carried], own: int, handed: dict[str, int]
) -> None:
    light = light_of(FakeCourier(carried, own).state(), len(people(replies_due(carried, handed))))
    unsigned = any(not each.done for each in carried)
    undelivered = any(each.said > handed.get(each.request, 0) for each in carried)
    assert light.green is not (unsigned or undelivered or own > 0)
