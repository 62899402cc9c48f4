"""Courier bundles: requests and replies of many devices, and public news, as one heap of bytes.

    courier bundle = 0x13, city 16, packing u8 (0 plain, 1 zstd), items
    item           = type u8 below 0x80, length u32, bytes
        1 request: a request, byte for byte as its sender signed it
        2 reply:   id of the request 32, then a reply, byte for byte
        3 public:  trust and news with signed heads; see `public.py`
        4 form:    what items behind it have in common; see `forms.py`
        5 answer:  place of the request in the post u8, then a reply; the batch door's alone
    or             = 0x80 + number of a form u8, an item's own bytes

It is not signed: whatever is in it proves itself, and a signature would name its carrier. Items of
unknown types are skipped. Any selection of items, in any order, is a bundle again, so splitting and
merging are trivial, and what is whole in front of a cut is as good as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import chain
from typing import Final, NamedTuple

from shared_schema.crypto.packing import CutFrame, compress_stream, decompress_stream
from shared_schema.errors import PayloadError, ProtocolError, TooLarge
from shared_schema.ids import CHANGE_ID_BYTES, ID_BYTES
from shared_schema.limits import (
    BUNDLE_BYTES_MAX,
    COURIER_BUNDLE_BYTES_MAX,
    COURIER_FORMS_MAX,
    COURIER_ITEMS_MAX,
    COURIER_UNPACKED_BYTES_MAX,
)
from shared_schema.sync.forms import FILLING, Form, decode_form, encode_form, find_forms

COURIER: Final = 0x13
REQUEST_ITEM: Final = 1
REPLY_ITEM: Final = 2
PUBLIC_ITEM: Final = 3
FORM_ITEM: Final = 4
ANSWER_ITEM: Final = 5
_PLAIN: Final = 0
_ZSTD: Final = 1
CARRIED_TYPES: Final = (REQUEST_ITEM, REPLY_ITEM, PUBLIC_ITEM)
"""What goes from hand to hand."""
_START: Final = 1 + ID_BYTES + 1
_ITEM_HEAD: Final = 5
REQUEST_ID_BYTES: Final = CHANGE_ID_BYTES
ITEM_BYTES_MAX: Final = BUNDLE_BYTES_MAX + REQUEST_ID_BYTES
"""The longest item: a whole reply and the id in front of it."""


class Flaw(StrEnum):
    """Why not all of a bundle was read. The items in front of it count all the same."""

    NONE = ""
    CUT = "cut"
    """It ends in the middle of an item, or of its packing: the rest is missing."""
    DAMAGED = "damaged"
    """From here on its bytes make no sense."""
    TOO_LARGE = "too_large"
    """It holds more than may be unpacked, or an item that is longer than any may be."""
    TOO_MANY = "too_many"


def city_of(start: bytes) -> bytes | None:
    """The city that the beginning of a courier bundle names; None when it is not that of one."""
    named = start[1 : 1 + ID_BYTES]
    return named if start[:1] == bytes([COURIER]) and len(named) == ID_BYTES else None


class Item(NamedTuple):
    """A piece of a courier bundle: its type, and its bytes."""

    type: int
    body: bytes

    @property
    def size(self) -> int:
        """Bytes it takes in a bundle, before packing."""
        return _ITEM_HEAD + len(self.body)


class CourierBundle(NamedTuple):
    """What could be read of a courier bundle. Nothing in it has been checked yet."""

    city: bytes
    items: tuple[Item, ...]
    unknown: int
    """Items of types that this version does not know, left out."""
    flaw: Flaw


def request_item(raw: bytes) -> Item:
    """A request, to be carried."""
    return Item(REQUEST_ITEM, raw)


def reply_item(request_id: bytes, raw: bytes) -> Item:
    """A reply, to be carried to whoever made the request."""
    return Item(REPLY_ITEM, request_id + raw)


def split_reply(body: bytes) -> tuple[bytes, bytes]:
    """The request's id and the reply's bytes.

    Raises:
        ProtocolError: it is too short for that.
    """
    if len(body) <= REQUEST_ID_BYTES:
        raise ProtocolError("reply item")
    return body[:REQUEST_ID_BYTES], body[REQUEST_ID_BYTES:]


def answer_item(place: int, raw: bytes) -> Item:
    """A reply of the batch door, to whoever posted the request at this place, 0 to 255.

    The poster knows its own requests: an id, 32 bytes that nothing packs, would tell it nothing.
    """
    return Item(ANSWER_ITEM, bytes((place,)) + raw)


def split_answer(body: bytes) -> tuple[int, bytes]:
    """The place of the request in the post, and the reply's bytes.

    Raises:
        ProtocolError: it is too short for that.
    """
    if len(body) < 2:
        raise ProtocolError("answer item")
    return body[0], body[1:]


def encode_courier(city: bytes, items: Iterable[Item]) -> bytes:
    """A courier bundle of these items, packed when that makes it smaller.

    Raises:
        TooLarge: more than any reader would take; `split` makes several.
    """
    whole = list(items)
    size = sum(item.size for item in whole)
    if len(whole) > COURIER_ITEMS_MAX or size > COURIER_UNPACKED_BYTES_MAX:
        raise TooLarge("courier bundle")
    pieces = list(_written(whole))
    plain, packed = b"".join(pieces), compress_stream(pieces)
    packing, body = (_ZSTD, packed) if len(packed) < len(plain) else (_PLAIN, plain)
    raw = bytes((COURIER,)) + city + bytes((packing,)) + body
    if len(raw) > COURIER_BUNDLE_BYTES_MAX:
        raise TooLarge("courier bundle")
    return raw


def _written(items: Sequence[Item]) -> Iterator[bytes]:
    """The items in their order, those of one form without what it says, and forms at first use."""
    forms = find_forms(items)
    form_of = {place: form for form, places in forms for place in places}
    numbers: dict[int, int] = {}
    for place, item in enumerate(items):
        form = form_of.get(place)
        if form is None:
            yield _framed(item.type, item.body)
            continue
        if id(form) not in numbers:
            numbers[id(form)] = len(numbers)
            yield _framed(FORM_ITEM, encode_form(form))
        yield bytes((FILLING + numbers[id(form)],)) + form.strip(item.body)


def _framed(type_: int, body: bytes) -> bytes:
    return bytes((type_,)) + len(body).to_bytes(4) + body


def split(city: bytes, items: Sequence[Item], size_max: int = 0) -> list[bytes]:
    """As few courier bundles as hold these items in their order, each of at most `size_max` bytes.

    Args:
        size_max: 0 for as large as a bundle may be. An item that is longer by itself gets a bundle
            of its own: it cannot be cut. A reply stays with the request in front of it if both fit:
            who has a newer request already takes this one for its reply alone.
    """
    limit = min(size_max or COURIER_BUNDLE_BYTES_MAX, COURIER_BUNDLE_BYTES_MAX) - _START
    bundles: list[list[Item]] = []
    room = 0
    for unit in _units(items, limit):
        size = sum(item.size for item in unit)
        if not bundles or size > room or len(bundles[-1]) + len(unit) > COURIER_ITEMS_MAX:
            bundles.append([])
            room = limit
        bundles[-1] += unit
        room -= size
    return [encode_courier(city, each) for each in bundles]


def _units(items: Sequence[Item], limit: int) -> Iterator[tuple[Item, ...]]:
    """The items, those together that belong into one bundle."""
    left = list(reversed(items))
    while left:
        item = left.pop()
        after = left[-1] if left else None
        pair = item.type == REQUEST_ITEM and after is not None and after.type == REPLY_ITEM
        if pair and after is not None and item.size + after.size <= limit:
            yield item, left.pop()
        else:
            yield (item,)


def decode_courier(
    raw: bytes,
    unpacked_max: int = COURIER_UNPACKED_BYTES_MAX,
    types: Collection[int] = CARRIED_TYPES,
) -> CourierBundle:
    """Read a courier bundle as far as it goes: size first, then items, never more than allowed.

    Args:
        unpacked_max: bytes that are unpacked at most, for a reader that takes less.
        types: the items that are asked for; others are counted and left out.

    Raises:
        TooLarge: more bytes than a courier bundle may have.
        ProtocolError: it does not begin like one.
    """
    if len(raw) > COURIER_BUNDLE_BYTES_MAX:
        raise TooLarge("courier bundle")
    if len(raw) < _START or raw[0] != COURIER or raw[_START - 1] > _ZSTD:
        raise ProtocolError("courier bundle")
    body = raw[_START:]
    pieces: Iterable[bytes] = (body,) if raw[_START - 1] == _PLAIN else decompress_stream(body)
    reader = _Reader(pieces, unpacked_max)
    items = list(reader.items())
    known = tuple(item for item in items if item.type in types)
    return CourierBundle(raw[1 : 1 + ID_BYTES], known, len(items) - len(known), reader.flaw)


class _Known(NamedTuple):
    """A form that the bundle has brought, with its two sums."""

    form: Form
    own: int
    common: int


class _Reader:
    """Takes pieces of unpacked bytes as they are needed, and items out of them."""

    def __init__(self, pieces: Iterable[bytes], unpacked_max: int) -> None:
        self.flaw = Flaw.NONE
        self._pieces = chain(pieces)
        self._buffer = bytearray()
        self._forms: list[_Known] = []
        self._left = unpacked_max

    def items(self) -> Iterator[Item]:
        """The whole items in front of the first flaw."""
        for _ in range(COURIER_ITEMS_MAX):
            item = self._next()
            if item is None:
                return
            yield item
        if self._fill(1):
            self.flaw = Flaw.TOO_MANY

    def _next(self) -> Item | None:
        """The next item that is no form; None at the end, or at a flaw."""
        while self._fill(1):
            if self._buffer[0] >= FILLING:
                return self._filled(self._buffer[0] - FILLING)
            item = self._whole()
            if item is None or item.type != FORM_ITEM:
                return item
            self._learn(item.body)
        return None

    def _whole(self) -> Item | None:
        """An item with its length in front."""
        if not self._fill(_ITEM_HEAD):
            self._stop(Flaw.CUT)
            return None
        length = int.from_bytes(self._buffer[1:_ITEM_HEAD])
        if length > ITEM_BYTES_MAX:
            self._stop(Flaw.TOO_LARGE)
            return None
        type_, body = self._buffer[0], self._take(_ITEM_HEAD, length)
        return None if body is None else Item(type_, body)

    def _filled(self, number: int) -> Item | None:
        """An item of a form: it counts as large as it comes out."""
        if number >= len(self._forms):
            self._stop(Flaw.DAMAGED)
            return None
        form, own, common = self._forms[number]
        self._left -= common
        if self._left < 0:
            self._stop(Flaw.TOO_LARGE)
            return None
        body = self._take(1, own)
        return None if body is None else Item(form.type, form.fill(body))

    def _learn(self, body: bytes) -> None:
        """Know one more form; without it nothing behind it can be told apart."""
        try:
            form = decode_form(body)
        except ProtocolError:
            self.flaw = Flaw.DAMAGED
            return
        if form.own + form.common > ITEM_BYTES_MAX:
            self.flaw = Flaw.TOO_LARGE
        elif len(self._forms) == COURIER_FORMS_MAX:
            self.flaw = Flaw.TOO_MANY
        self._forms.append(_Known(form, form.own, form.common))

    def _take(self, start: int, length: int) -> bytes | None:
        """`length` bytes behind the first `start`, which go too; None when they are not there."""
        if not self._fill(start + length):
            self._stop(Flaw.CUT)
            return None
        found = bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        return found

    def _stop(self, flaw: Flaw) -> None:
        """Nothing further can be read; the flaw that was found first says why."""
        self.flaw = self.flaw or flaw

    def _fill(self, size: int) -> bool:
        """Whether the buffer has `size` bytes, after taking more where there are more."""
        while len(self._buffer) < size and not self.flaw:
            try:
                piece = next(self._pieces, b"")
            except CutFrame:
                self.flaw = Flaw.CUT
                return False
            except PayloadError:
                self.flaw = Flaw.DAMAGED
                return False
            if not piece:
                break
            self._left -= len(piece)
            if self._left < 0:
                self.flaw = Flaw.TOO_LARGE
                return False
            self._buffer += piece
        return not self.flaw and len(self._buffer) >= size
