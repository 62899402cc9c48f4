"""The address of a neighbour: scanned, pasted or typed, and never one of the world outside."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.sync.base45 import ALPHABET
from shared_schema.sync.lan_address import LanAddress, NotALanAddress, fingerprint, read_address

KEY = fingerprint(bytes(32))


@pytest.mark.parametrize("host", ["192.168.43.1", "10.0.0.7", "172.20.10.1", "fd00::7", "fe80::1"])
def test_an_address_reads_back_in_small_letters_and_capitals(host: str) -> None:
    address = LanAddress(host, 8312, KEY)
    assert read_address(str(address)) == address
    assert read_address(address.for_qr) == address


def test_an_address_makes_a_small_code() -> None:
    assert set(LanAddress("192.168.43.1", 8312, KEY).for_qr) <= set(ALPHABET)


def test_what_people_type_is_understood() -> None:
    halves = f"{KEY[:4]} {KEY[4:8]}-{KEY[8:12]}-{KEY[12:]}"
    typed = f"  misto:LAN/1/192.168.43.1:8312 / {halves.upper()}\n"
    assert read_address(typed) == LanAddress("192.168.43.1", 8312, KEY)


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "2001:4860:4860::8888", "224.0.0.251", "0.0.0.0", "::"]
)
def test_a_code_on_a_wall_makes_no_device_call_the_world(host: str) -> None:
    with pytest.raises(NotALanAddress, match="local network"):
        read_address(str(LanAddress(host, 8312, KEY)))


@pytest.mark.parametrize(
    "text",
    [
        "", "misto:lan/1/", "http://192.168.43.1:8312/", f"misto:lan/2/192.168.43.1:8312/{KEY}",
        f"misto:lan/1/phone.local:8312/{KEY}", f"misto:lan/1/192.168.43.1:0/{KEY}",
        f"misto:lan/1/192.168.43.1:65536/{KEY}", f"misto:lan/1/192.168.43.1:8312/{KEY[:-1]}",
        f"misto:lan/1/192.168.43.1:8312/{KEY}a", f"misto:lan/1/192.168.43.1:8312/{KEY[:-1]}0",
        f"misto:lan/1/192.168.43.999:8312/{KEY}", f"misto:lan/1/[fe80::1%eth0]:8312/{KEY}",
        f"misto:lan/1/192.168.43.1:8312/{KEY}" + " " * 100,
        f"misto:lan/1/192.168.43.1:8312/{KEY}\0",
    ],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotALanAddress):
        read_address(text)


@given(st.text(max_size=120))
def test_no_text_does_anything_else(text: str) -> None:
    for each in (text, "misto:lan/1/" + text):
        try:
            read = read_address(each)
        except NotALanAddress:
            continue
        assert read_address(str(read)) == read


def test_two_keys_have_two_fingerprints() -> None:
    assert len({fingerprint(bytes([number]) * 32) for number in range(200)}) == 200
    assert len(KEY) == 16
