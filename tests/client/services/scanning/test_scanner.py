"""What a code is, told by its text alone: ours, another city's, a newer one's, or nobody's."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services import qr
from client.services.notes import Notes
from client.services.scanning.scanner import Found, Scanner, kind_of
from client.services.volunteers import Volunteers
from shared_schema.crypto import slip as slips
from shared_schema.crypto.slip import Slip
from shared_schema.sync.courier import encode_courier
from shared_schema.sync.frames import Splitter
from shared_schema.sync.invitation import CODE_PREFIX
from shared_schema.sync.lan_address import LanAddress, fingerprint
from tests import eye
from tests.client.city import START_MS, City

HERE, THERE = b"c" * 16, b"d" * 16
SLIP = Slip(bytes(range(10)), HERE)
ADDRESS = LanAddress("192.168.43.1", 8312, fingerprint(bytes(32)))
BUNDLE = encode_courier(HERE, [])


def test_a_slip_and_an_address_are_known_in_small_letters_and_capitals() -> None:
    for change in (str, str.upper):
        assert kind_of(change(SLIP.qr), HERE) == "slip"
        assert kind_of(change(str(ADDRESS)), HERE) == "address"


def test_a_slip_of_another_city_is_known_before_its_secret_is_stretched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slips, "hash_secret_raw", None)
    assert kind_of(SLIP.qr, THERE) == "other_city"


def test_an_invitation_is_for_its_own_city_alone(tmp_path: Path) -> None:
    city = City(tmp_path / "here", queues=("general",))
    with city.profile("desk") as desk:
        volunteers = Volunteers(desk, Notes(desk))
        text = volunteers.invite("queue/general", "Поділ", START_MS + 86_400_000, "Оля").text
    assert kind_of(text, city.card.city) == "invitation"
    assert kind_of(text, THERE) == "other_city"
    assert kind_of(text[:60], city.card.city) == "foreign"


def test_frames_are_known_and_the_first_tells_of_which_city() -> None:
    raw = BUNDLE + random.Random(1).randbytes(900)
    frames = Splitter(raw)
    assert [kind_of(frames.text(number), HERE) for number in (0, 1, 9)] == ["frame"] * 3
    assert kind_of(frames.text(0), THERE) == "other_city"
    assert kind_of(frames.text(1), THERE) == "frame", "only the end tells"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://example.org/?misto:slip/1/", "foreign"),
        ("WIFI:S:nadrichchia;P:123;;", "foreign"),
        ("", "foreign"),
        ("misto:lan/1/8.8.8.8:80/aaaaaaaaaaaaaaaa", "foreign"),
        ("MISTO:F/1/AAAA", "foreign"),
        (CODE_PREFIX, "foreign"),
        (CODE_PREFIX + "A" * 100_000, "foreign"),
        ("misto:slip/2/abcdef", "newer"),
        ("MISTO:F/2/AAAA", "newer"),
        ("misto:", "newer"),
    ],
)
def test_what_is_not_ours_is_told_apart_from_what_is_newer(text: str, kind: str) -> None:
    assert kind_of(text, HERE) == kind


@given(
    st.sampled_from(["", "misto:", "misto:slip/1/", CODE_PREFIX, "misto:lan/1/", "MISTO:F/1/"]),
    st.text(max_size=300),
)
def test_any_text_on_a_wall_has_a_kind(prefix: str, text: str) -> None:
    assert kind_of(prefix + text, HERE) in {"foreign", "newer", "other_city"}


def test_a_picture_says_what_its_codes_are() -> None:
    eye.need_zbar()
    assert Scanner(HERE).look(qr.drawn(SLIP.qr)) == (Found("slip", SLIP.qr),)
