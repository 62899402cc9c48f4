"""Base45 (RFC 9285): bytes as the 45 characters that a QR code packs into 5.5 bits each.

So a QR code in its alphanumeric mode carries bytes at a loss of 3 %, through any scanner that gives
text back.
"""

from __future__ import annotations

from typing import Final

from shared_schema.errors import ProtocolError

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE_OF: Final = {sign: value for value, sign in enumerate(ALPHABET)}
_PAIRS: Final = [ALPHABET[value % 45] + ALPHABET[value // 45] for value in range(45 * 45)]


def encode(raw: bytes) -> str:
    """The text: three characters for two bytes, two for a last one."""
    pieces = []
    for at in range(0, len(raw) - 1, 2):
        high, low = divmod(raw[at] << 8 | raw[at + 1], 45 * 45)
        pieces.append(_PAIRS[low] + ALPHABET[high])
    if len(raw) % 2:
        pieces.append(_PAIRS[raw[-1]])
    return "".join(pieces)


def decode(text: str) -> bytes:
    """The bytes in a text; the caller has checked how long it is.

    Raises:
        ProtocolError: a character that is none of the 45, a lone one at the end, or a group that
            stands for more than its bytes can hold.
    """
    try:
        values = [_VALUE_OF[sign] for sign in text]
    except KeyError as error:
        raise ProtocolError("base45: character") from error
    if len(values) % 3 == 1:
        raise ProtocolError("base45: length")
    raw = bytearray()
    for at in range(0, len(values), 3):
        group = values[at : at + 3]
        number = sum(value * 45**power for power, value in enumerate(group))
        size = len(group) - 1
        if number >> (8 * size):
            raise ProtocolError("base45: group")
        raw += number.to_bytes(size, "big")
    return bytes(raw)
