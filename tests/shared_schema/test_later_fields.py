"""A field that was added later changes nothing for those who do not use it."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.packing import pack_open, unpack
from shared_schema.errors import PayloadError
from shared_schema.limits import ACT_OVER_MAX, KEY_NUMBER_MAX, KEYED_WRAPS_MAX
from shared_schema.records import appeal
from shared_schema.records.appeal import Extended, Opened, Position, Registered, StatusSet
from shared_schema.records.desk import Assigned, Merged, Noted
from shared_schema.records.kinds import BY_NAME, BY_PAYLOAD, decode_payload, encode_payload
from shared_schema.records.trust import Granted, Keyed, Wrap
from tests.shared_schema.strategies import overs, registrations, shorts, statuses, texts

KIND = BY_NAME["appeal.opened"]
OLD = ["signal", "", "Немає води", "Третій день.", "water", "", "", "", ""]
"""What the first release could say: nine fields."""
positions = st.builds(
    Position,
    lat_e5=st.integers(-9_000_000, 9_000_000),
    lon_e5=st.integers(-18_000_000, 18_000_000),
    within_m=st.integers(0, 1_000_000),
)


NAME = "0123456789abcdef"
"""An act, as `over` names it."""


def written(payload: msgspec.Struct) -> list[object]:
    """The array that travels."""
    found: list[object] = json.loads(unpack(encode_payload(payload, sealed=False), 65_536))
    return found


def test_what_could_be_said_before_keeps_its_bytes() -> None:
    assert encode_payload(
        Opened("signal", "", "Немає води", "Третій день.", "water"), sealed=False
    ) == pack_open(msgspec.json.encode(OLD[:5]).decode())


@pytest.mark.parametrize(
    ("opened", "further"),
    [
        (Opened("signal", "", "Т", "т"), []),
        (Opened("signal", "", "Т", "т", residence="Садова, 5"), ["Садова, 5"]),
        (Opened("signal", "", "Т", "т", position=Position(1, 2, 3)), ["", [1, 2, 3]]),
        (Opened("signal", "", "Т", "т", place="ab"), ["", None, "ab"]),
    ],
)
def test_only_the_last_fields_that_say_nothing_are_left_out(
    opened: Opened, further: list[object]
) -> None:
    assert written(opened)[len(OLD) :] == further
    assert len(written(opened)) > len(OLD) or written(opened) == ["signal", "", "Т", "т"]


@given(texts, shorts, st.none() | positions, shorts)
def test_what_is_left_out_is_read_back(
    title: str, residence: str, position: Position | None, place: str
) -> None:
    opened = Opened("appeal", "", title, title, residence=residence, position=position, place=place)
    assert decode_payload(KIND, encode_payload(opened, sealed=False)) == opened


@pytest.mark.parametrize(
    ("payload", "array"),
    [
        (Registered("7", "прийнято"), ["7", "прийнято"]),
        (Registered("7"), ["7"]),
        (StatusSet("answered", "о 18:00"), ["answered", "о 18:00"]),
        (StatusSet("closed"), ["closed"]),
        (Granted("ab" * 32, "desk", "queue/general"), ["ab" * 32, "desk", "queue/general"]),
    ],
)
def test_what_a_desk_of_the_first_release_could_say_keeps_its_bytes(
    payload: msgspec.Struct, array: list[object]
) -> None:
    assert encode_payload(payload, sealed=False) == pack_open(msgspec.json.encode(array).decode())


@pytest.mark.parametrize(
    ("payload", "further"),
    [
        (Registered("7", classifier="110"), ["110"]),
        (Registered("7", marks=["mass"]), ["", ["mass"]]),
        (Registered("7", collective=2), ["", [], 2]),
        (Registered("7", privileged=True), ["", [], 0, True]),
        (Registered("7", over=[NAME]), ["", [], 0, False, [NAME]]),
        (StatusSet("closed", over=[]), [[]]),
    ],
)
def test_an_act_that_has_seen_nothing_is_not_one_that_does_not_say_what_it_has_seen(
    payload: msgspec.Struct, further: list[object]
) -> None:
    """No `over` is the first release's, and replaces what stands before it; `[]` nothing."""
    assert written(payload)[2:] == further
    packed = encode_payload(payload, sealed=False)
    assert decode_payload(BY_PAYLOAD[type(payload)], packed) == payload


@given(
    st.one_of(
        registrations,
        statuses,
        st.builds(Extended, note=shorts),
        st.builds(Assigned, to=shorts, over=overs),
        st.builds(Noted, text=texts),
        st.builds(Merged, into=st.sampled_from(["", "ab" * 16]), over=overs),
    )
)
def test_what_a_desk_writes_is_read_back(payload: msgspec.Struct) -> None:
    packed = encode_payload(payload, sealed=True)
    assert decode_payload(BY_PAYLOAD[type(payload)], packed) == payload


def test_an_older_reader_takes_what_it_knows_and_ignores_the_rest() -> None:
    newer = pack_open(json.dumps([*OLD, "Садова, 5", [1, 2, 3, 4], "ab", "from the future"]))
    read = decode_payload(KIND, newer)
    assert read.position == Position(1, 2, 3)
    assert (read.title, read.place) == ("Немає води", "ab")


@pytest.mark.parametrize(
    "broken",
    [
        Opened("signal", "", "Т", "т", position=Position(9_000_001, 0, 0)),
        Opened("signal", "", "Т", "т", position=Position(0, 0, -1)),
        appeal.Rated(0),
        appeal.Rated(6),
        StatusSet("closed", over=[NAME] * (ACT_OVER_MAX + 1)),
        StatusSet("closed", over=[NAME[:-1]]),
        StatusSet("closed", over=[NAME + "0"]),
        StatusSet("closed", over=[NAME + "\n"]),
        StatusSet("closed", over=[NAME.upper()]),
        Registered("7", marks=["mass"] * 6),
        Registered("7", marks=["urgent"]),  # type: ignore[list-item]
        Registered("7", collective=-1),
        Registered("7", collective=1_000_001),
        Merged("ab" * 15),
        Granted("ab" * 32, "desk", "queue/general", box="ab" * 31),
        Granted("ab" * 32, "desk", "queue/general", box="ab" * 32 + "\n"),
        Keyed("general", 0, "ab" * 32, []),
        Keyed("general", KEY_NUMBER_MAX + 1, "ab" * 32, []),
        Keyed("general", 1, "ab" * 31, []),
        Keyed("general", 1, "ab" * 32, [Wrap("ab" * 16, "cd" * 79)]),
        Keyed("general", 1, "ab" * 32, [Wrap("ab" * 15, "cd" * 80)]),
        Keyed("general", 1, "ab" * 32, [Wrap("ab" * 16, "cd" * 80)] * (KEYED_WRAPS_MAX + 1)),
        Merged("ab" * 16 + "\n"),
        Merged("AB" * 16),
        Assigned("О" * 301),
        Noted(""),
    ],
)
def test_later_fields_have_their_limits_too(broken: msgspec.Struct) -> None:
    with pytest.raises(PayloadError):
        encode_payload(broken, sealed=True)
