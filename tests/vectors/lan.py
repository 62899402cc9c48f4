"""Vectors of addresses on a local network: fingerprints, what is an address, and what is none."""

from __future__ import annotations

from shared_schema.sync.lan_address import LanAddress, NotALanAddress, fingerprint, read_address
from tests.vectors import cast


def vectors() -> dict[str, object]:
    """All of them."""
    keys = [each.public_key for each in cast.PEOPLE.values()]
    mark = fingerprint(keys[0])
    hosts = ("192.168.43.1", "10.0.0.7", "100.64.3.9", "fd00::7", "127.0.0.1")
    said = [str(LanAddress(host, 8312, mark)) for host in hosts]
    said += [said[0].upper(), f" {said[0][:-12]} {said[0][-12:-6]}-{said[0][-6:].upper()} "]
    return {
        "keys": [{"public_key": each.hex(), "fingerprint": fingerprint(each)} for each in keys],
        "addresses": [_read(each) for each in said],
        "bad": [
            "misto:lan/1/", f"misto:lan/2/10.0.0.7:8312/{mark}", f"misto:lan/1/8.8.8.8:80/{mark}",
            f"misto:lan/1/phone.local:8312/{mark}", f"misto:lan/1/10.0.0.7:0/{mark}",
            f"misto:lan/1/224.0.0.251:5353/{mark}", f"misto:lan/1/10.0.0.7:8312/{mark[:-1]}",
            f"misto:lan/1/[2001:4860::1]:80/{mark}", f"misto:lan/1/0.0.0.0:8312/{mark}",
        ],
    }  # fmt: skip


def _read(text: str) -> list[object]:
    address = read_address(text)
    return [text, address.host, address.port, address.fingerprint]


def is_address(text: str) -> bool:
    """Whether a text is one."""
    try:
        read_address(text)
    except NotALanAddress:
        return False
    return True
