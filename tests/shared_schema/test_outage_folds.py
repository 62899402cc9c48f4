"""Schedules and announcements are the same on every replica, and within their limits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.errors import PayloadError
from shared_schema.limits import OUTAGE_QUEUES_MAX
from shared_schema.records import outage
from shared_schema.records.kinds import BY_PAYLOAD, decode_payload, encode_payload
from shared_schema.records.outage import (
    SLOT_MS,
    Announced,
    Cancelled,
    OutageAct,
    Rescheduled,
    Scheduled,
    fold_outage,
)
from tests.shared_schema.strategies import outage_acts, schedules

RECORD = b"r" * 16
HOUR = 2 * SLOT_MS
LIT = ["+" * 48] * 7
NIGHTLY = ["------" + "+" * 42] * 7


def act(time: int, payload: outage.Payload, device: bytes = b"n" * 16) -> OutageAct:
    return OutageAct(time, device, time, f"{time}{payload}".encode(), payload)


@given(outage_acts(), st.data())
def test_an_outage_is_the_same_in_any_order_and_with_repeats(
    acts: list[OutageAct], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(acts))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(acts), max_size=5))]
    assert fold_outage(RECORD, repeated) == fold_outage(RECORD, acts)


@given(schedules)
def test_a_schedule_is_read_back_as_it_was_written(schedule: Scheduled) -> None:
    packed = encode_payload(schedule, sealed=False)
    assert decode_payload(BY_PAYLOAD[Scheduled], packed) == schedule


def test_without_its_opening_an_outage_waits() -> None:
    assert fold_outage(RECORD, []) is None
    assert fold_outage(RECORD, [act(2, Cancelled("помилка"))]) is None
    assert fold_outage(RECORD, [act(2, Rescheduled("power", "1.1", LIT))]) is None


def test_a_cancelled_schedule_stays_cancelled_in_its_last_wording() -> None:
    again = Rescheduled("power", "1.1", NIGHTLY)
    acts = [act(1, Scheduled("power", "1.1", LIT)), act(2, Cancelled("скасовано")), act(3, again)]
    assert fold_outage(RECORD, acts) == outage.Outage(RECORD, again, 3, True, "скасовано")


def test_a_rescheduling_does_not_make_a_schedule_of_an_announcement() -> None:
    exception = Announced("power", 0, HOUR, "Аварія")
    folded = fold_outage(RECORD, [act(1, exception), act(2, Rescheduled("power", "1.1", LIT))])
    assert folded is not None
    assert folded.wording == exception


@pytest.mark.parametrize(
    "broken",
    [
        Scheduled("power", "1.1", LIT[:6]),
        Scheduled("power", "1.1", [*LIT, LIT[0]]),
        Scheduled("power", "1.1", ["+" * 47, *LIT[1:]]),
        Scheduled("power", "1.1", ["+" * 47 + "x", *LIT[1:]]),
        Scheduled("power", "1.1", ["+" * 48 + "\n", *LIT[1:]]),
        Announced("power", 0, HOUR, ""),
        Announced("power", 0, HOUR, "Аварія", ["1.1"] * (OUTAGE_QUEUES_MAX + 1)),
        Announced("power", -1, HOUR, "Аварія"),
    ],
)
def test_what_breaks_a_limit_is_not_written(broken: msgspec.Struct) -> None:
    with pytest.raises(PayloadError):
        encode_payload(broken, sealed=False)
