"""Forms: what many items of a courier bundle have in common is written once.

Requests of a hundred phones differ in keys, signatures and ciphertext, and are the same in all
else. A compressor sees this too, but pays for each place where it stops and goes on. A form says
once which bytes are common and how many stand between them; each item then is only its own bytes.

    form    = what it makes u8 (type of an item), pieces
    piece   = own length u16, common length u16, common bytes
    filling = 0x80 + number of the form u8, the own bytes of all its pieces

A filled item is, for each piece of its form, that many of its own bytes and then the common ones.
Forms are numbered from 0 in the order in which a bundle brings them. Nothing here knows what an
item means: whatever is equal in items of one length is found by comparing them, and what comes out
is byte for byte what went in.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from shared_schema.errors import ProtocolError
from shared_schema.limits import COURIER_FORM_PIECES_MAX, COURIER_FORMS_MAX

FILLING: Final = 0x80
_PIECE: Final = struct.Struct(">HH")
_SEEN_BYTES_MAX: Final = 4_096
"""Longer items are not compared: what they could save is nothing to their length."""
_ALIKE_BYTES_MIN: Final = 40
"""Two items with fewer bytes in common are not of one form."""
_FAMILIES_MAX: Final = 4
"""Families of one length: each is compared with every further item."""
_HEAD_SAVED: Final = 4
"""An item has five bytes in front of it, a filling one."""


class Form(NamedTuple):
    """What items of one type have in common: after so many own bytes, these."""

    type: int
    pieces: tuple[tuple[int, bytes], ...]

    @property
    def own(self) -> int:
        """Own bytes of each filling."""
        return sum(own for own, _ in self.pieces)

    @property
    def common(self) -> int:
        """Bytes that no filling has to say."""
        return sum(len(common) for _, common in self.pieces)

    def fill(self, own: bytes) -> bytes:
        """The item's bytes, from its own ones."""
        parts: list[bytes] = []
        at = 0
        for length, common in self.pieces:
            parts += (own[at : at + length], common)
            at += length
        return b"".join(parts)

    def strip(self, body: bytes) -> bytes:
        """The own bytes of an item of this form."""
        parts: list[bytes] = []
        at = 0
        for length, common in self.pieces:
            parts.append(body[at : at + length])
            at += length + len(common)
        return b"".join(parts)


def encode_form(form: Form) -> bytes:
    """A form's bytes."""
    pieces = (_PIECE.pack(own, len(common)) + common for own, common in form.pieces)
    return bytes((form.type,)) + b"".join(pieces)


def decode_form(raw: bytes) -> Form:
    """Read a form.

    Raises:
        ProtocolError: it is none, or has more pieces than it may.
    """
    pieces: list[tuple[int, bytes]] = []
    at = 1
    while at < len(raw):
        if len(raw) < at + _PIECE.size or len(pieces) == COURIER_FORM_PIECES_MAX:
            raise ProtocolError("form")
        own, length = _PIECE.unpack_from(raw, at)
        at += _PIECE.size
        pieces.append((own, raw[at : at + length]))
        at += length
    if not pieces or at != len(raw):
        raise ProtocolError("form")
    return Form(raw[0], tuple(pieces))


@dataclass(slots=True)
class _Family:
    """Items of one type and length that look alike, by their places, and where they differ."""

    first: int
    members: list[int]
    differ: int = 0


@dataclass(slots=True)
class _Search:
    """Puts items into families as they come."""

    families: dict[tuple[int, int], list[_Family]] = field(default_factory=dict)

    def add(self, place: int, type_: int, body: bytes) -> None:
        if not _ALIKE_BYTES_MIN <= len(body) <= _SEEN_BYTES_MAX:
            return
        value = int.from_bytes(body)
        alike = self.families.setdefault((type_, len(body)), [])
        for family in alike:
            differ = family.first ^ value
            if differ.to_bytes(len(body)).count(0) >= _ALIKE_BYTES_MIN:
                family.differ |= differ
                family.members.append(place)
                return
        if len(alike) < _FAMILIES_MAX:
            alike.append(_Family(value, [place]))


def find_forms(items: Sequence[tuple[int, bytes]]) -> list[tuple[Form, list[int]]]:
    """Forms for items given as type and bytes, each with the places of those that it saves bytes.

    Those that save the most, up to COURIER_FORMS_MAX.
    """
    search = _Search()
    for place, (type_, body) in enumerate(items):
        search.add(place, type_, body)
    found: list[tuple[int, Form, list[int]]] = []
    for (type_, length), families in search.families.items():
        for family in families:
            form = Form(type_, tuple(_pieces(family, length)))
            saved = len(family.members) * (form.common + _HEAD_SAVED)
            saved -= len(encode_form(form)) + _HEAD_SAVED + 1
            if saved > 0 and 0 < len(form.pieces) <= COURIER_FORM_PIECES_MAX:
                found.append((saved, form, family.members))
    found.sort(key=lambda each: -each[0])
    return [(form, members) for _, form, members in found[:COURIER_FORMS_MAX]]


def _pieces(family: _Family, length: int) -> Iterator[tuple[int, bytes]]:
    """The pieces of a family's form: a common run that costs more than it saves is nobody's."""
    first = family.first.to_bytes(length)
    end = 0
    for start, stop in _equal_runs(family.differ.to_bytes(length)):
        if (stop - start) * (len(family.members) - 1) > _PIECE.size:
            yield start - end, first[start:stop]
            end = stop
    if end < length:
        yield length - end, b""


def _equal_runs(differ: bytes) -> Iterable[tuple[int, int]]:
    """Where bytes are zero: starts and ends, in order."""
    start = None
    for place, value in enumerate(differ):
        if not value and start is None:
            start = place
        elif value and start is not None:
            yield start, place
            start = None
    if start is not None:
        yield start, len(differ)
