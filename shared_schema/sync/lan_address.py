"""Where a neighbour's device is on a local network, and by which key it is known (protocol, 19).

    misto:lan/1/192.168.43.1:8312/k3qf7m2zt5vbe6xa

It is scanned, pasted or typed. The address is a number and no name, so that nobody is asked for it,
and one of a local network: a code on a wall cannot make a device call somewhere in the world.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from shared_schema.errors import ProtocolError

SERVICE: Final = "_misto-courier._tcp.local."
"""By which neighbours announce themselves (DNS-SD)."""
PATH: Final = "/v1/courier"
LEFT: Final = "Misto-Left"
"""The header of an answer that says how many bundles there are after this one."""
FULL: Final = "Misto-Full"
"""The header of an answer that says for how many requests of the post there was no room."""
FINGERPRINT_BYTES: Final = 10
"""2^80 tries make a key with the same one; the session that it belongs to lasts minutes."""
FINGERPRINT_CHARS: Final = 16
TEXT_CHARS_MAX: Final = 100
_KEY: Final = b"misto/lan-key/1\0"
PREFIX: Final = "misto:lan/1/"
_TEXT: Final = re.compile(r"misto:lan/1/(?:([0-9.]{7,15})|\[([0-9a-f:]{2,39})\]):([0-9]{1,5})/(.+)")


class NotALanAddress(ProtocolError):
    """It is no address of a neighbour's device."""

    code = "not_a_lan_address"


@dataclass(frozen=True, slots=True)
class LanAddress:
    """A device on this network, while it serves."""

    host: str
    """An IPv4 or IPv6 address."""
    port: int
    fingerprint: str
    """16 characters of base32, in small letters."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{PREFIX}{host}:{self.port}/{self.fingerprint}"

    @property
    def for_qr(self) -> str:
        """The same in capitals, which make a smaller code."""
        return str(self).upper()


def fingerprint(public_key: bytes) -> str:
    """By what the Ed25519 key of a session is known to people and their devices."""
    digest = sha256(_KEY + public_key).digest()[:FINGERPRINT_BYTES]
    return base64.b32encode(digest).decode("ascii").lower()


def is_local(host: str) -> bool:
    """Whether this is the number of a device on some local network, or of this device."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return not (address.is_global or address.is_multicast or address.is_unspecified)


def read_address(text: str) -> LanAddress:
    """The address in a text, in capitals or not, with or without spaces between its parts.

    Raises:
        NotALanAddress: it is none, or not one of a local network.
    """
    if len(text) > TEXT_CHARS_MAX:
        raise NotALanAddress("too long")
    found = _TEXT.fullmatch(re.sub(r"\s", "", text).lower())
    if found is None:
        raise NotALanAddress(f"{PREFIX}ADDRESS:PORT/KEY is one")
    host, port, key = found[1] or found[2], int(found[3]), found[4].replace("-", "")
    if not is_local(host):
        raise NotALanAddress(f"not of a local network: {host}")
    if not 0 < port < 2**16:
        raise NotALanAddress(f"no port: {port}")
    if not re.fullmatch(rf"[a-z2-7]{{{FINGERPRINT_CHARS}}}", key):
        raise NotALanAddress("the key's 16 letters and digits are not complete")
    return LanAddress(str(ipaddress.ip_address(host)), port, key)
