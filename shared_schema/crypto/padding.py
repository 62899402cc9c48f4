"""Size buckets for sealed plaintext, so that a length tells little about a text.

Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
PURBs", PETS 2019, section 4.3) costs at most 12 % and leaks O(log log n) bits. The end is marked
as in ISO/IEC 7816-4: one 0x80 byte, then zeros.
"""

from __future__ import annotations

from typing import Final

from shared_schema.errors import SealError

PADDED_BYTES_MIN: Final = 96
_MARK: Final = b"\x80"


def padded_length(length: int) -> int:
    """The bucket for `length` bytes (mark included): the smallest Padmé length not below it."""
    if length <= PADDED_BYTES_MIN:
        return PADDED_BYTES_MIN
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def pad(data: bytes) -> bytes:
    """`data`, the mark, and zeros up to the bucket."""
    return (data + _MARK).ljust(padded_length(len(data) + 1), b"\0")


def unpad(padded: bytes) -> bytes:
    """The data in front of the last mark.

    Raises:
        SealError: there is no mark (the sealer did not pad).
    """
    data = padded.rstrip(b"\0")
    if not data.endswith(_MARK):
        raise SealError("padding mark missing")
    return data[:-1]
