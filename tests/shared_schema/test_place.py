"""A place says what somebody saw, when, and until when; the same on every replica."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.errors import PayloadError
from shared_schema.limits import PLACE_OFFERS_MAX
from shared_schema.records import place
from shared_schema.records.kinds import BY_PAYLOAD, decode_payload, encode_payload
from shared_schema.records.place import Confirmed, Listed, PlaceAct, Removed, Updated, fold_place
from tests.shared_schema.strategies import place_acts, places

RECORD = b"r" * 16
NEWSROOM = b"n" * 16
SCHOOL = Listed("Школа № 5", "shelter", "вул. Садова, 5", by="ДСНС", expires_at_ms=100)


def act(time: int, payload: place.Payload, device: bytes = NEWSROOM) -> PlaceAct:
    return PlaceAct(time, device, time, f"{time}{payload}".encode(), payload)


def fold(*acts: PlaceAct) -> place.Place:
    found = fold_place(RECORD, acts)
    assert found is not None
    return found


@given(place_acts(), st.data())
def test_a_place_is_the_same_in_any_order_and_with_repeats(
    acts: list[PlaceAct], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(acts))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(acts), max_size=5))]
    assert fold_place(RECORD, repeated) == fold_place(RECORD, acts)


@given(place_acts())
def test_a_place_never_claims_what_nobody_said(acts: list[PlaceAct]) -> None:
    """Condition, confirmer, time and expiry are those of one and the same act."""
    folded = fold(*acts)
    assert (folded.condition, folded.confirmed_by, folded.confirmed_at, folded.expires_at_ms) in {
        (getattr(each.payload, "condition", "open"), each.payload.by, each.time,
         each.payload.expires_at_ms)
        for each in acts
        if not isinstance(each.payload, Removed)
    }  # fmt: skip
    assert folded.removed is any(isinstance(each.payload, Removed) for each in acts)


@given(places)
def test_a_place_is_read_back_as_it_was_written(listed: Listed) -> None:
    packed = encode_payload(listed, sealed=False)
    assert decode_payload(BY_PAYLOAD[Listed], packed) == listed


def test_without_its_listing_a_place_waits() -> None:
    assert fold_place(RECORD, []) is None
    assert fold_place(RECORD, [act(2, Confirmed("open"))]) is None
    assert fold_place(RECORD, [act(2, Updated("Школа № 5", "shelter"))]) is None
    assert fold_place(RECORD, [act(2, Removed("помилка"))]) is None


def test_a_listing_alone_is_a_confirmation() -> None:
    folded = fold(act(1, SCHOOL))
    assert (folded.wording, folded.condition, folded.confirmed_at) == (SCHOOL, "open", 1)
    assert (folded.confirmed_by, folded.expires_at_ms, folded.removed) == ("ДСНС", 100, False)


@pytest.mark.parametrize("condition", place.CONDITIONS)
def test_a_confirmation_changes_the_condition_and_not_the_wording(
    condition: place.Condition,
) -> None:
    folded = fold(act(1, SCHOOL), act(2, Confirmed(condition, "Олена", "вода з 14:00", 200)))
    assert (folded.wording, folded.condition, folded.note) == (SCHOOL, condition, "вода з 14:00")
    assert (folded.confirmed_at, folded.confirmed_by, folded.expires_at_ms) == (2, "Олена", 200)


def test_an_old_note_does_not_outlive_a_newer_look() -> None:
    folded = fold(
        act(1, SCHOOL),
        act(2, Confirmed("empty", "Олена", "вода скінчилася", 200)),
        act(3, Confirmed("open", "Петро")),
    )
    assert (folded.condition, folded.note, folded.confirmed_by) == ("open", "", "Петро")
    assert folded.expires_at_ms == 0


def test_saying_the_whole_place_again_opens_it_and_forgets_what_was_said_before() -> None:
    again = Updated("Школа № 5", "shelter", offers=["water"], by="Місто")
    folded = fold(act(1, SCHOOL), act(2, Confirmed("closed", "Олена", "замкнено")), act(3, again))
    assert (folded.wording, folded.condition, folded.note) == (again, "open", "")
    assert folded.serves == {"shelter", "water"}


def test_a_confirmation_before_an_update_in_time_does_not_close_it_again() -> None:
    again = Updated("Школа № 5", "shelter")
    assert fold(act(1, SCHOOL), act(3, again), act(2, Confirmed("closed"))).condition == "open"


def test_a_removed_place_stays_removed_and_says_why() -> None:
    acts = [act(1, SCHOOL), act(2, Removed("будинок знесено")), act(3, Confirmed("open", "Олена"))]
    folded = fold(*acts)
    assert (folded.removed, folded.note, folded.condition) == (True, "будинок знесено", "open")


def test_a_listing_with_a_clock_ahead_does_not_undo_what_came_after_it() -> None:
    """Both clamped to one receipt, the order of devices would put the listing last."""
    listing = act(5, SCHOOL, b"z" * 16)
    later = Updated("Школа № 7", "shelter")
    folded = fold(listing, act(5, later, b"a" * 16))
    assert folded.wording == later
    assert fold(listing, act(5, Confirmed("closed"), b"a" * 16)).condition == "closed"


@pytest.mark.parametrize(
    "broken",
    [
        Listed("", "shelter"),
        Listed("Школа", "shelter", lat_e5=9_000_001, lon_e5=0),
        Listed("Школа", "shelter", lat_e5=0, lon_e5=-18_000_001),
        Listed("Школа", "shelter", offers=["water"] * (PLACE_OFFERS_MAX + 1)),
        Listed("Школа", "shelter", expires_at_ms=-1),
        Confirmed("burning"),  # type: ignore[arg-type]
        Confirmed("open", expires_at_ms=2**53 + 1),
    ],
)
def test_what_breaks_a_limit_is_not_written(broken: msgspec.Struct) -> None:
    with pytest.raises(PayloadError):
        encode_payload(broken, sealed=False)
