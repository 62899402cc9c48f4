"""How much goes over at a time between neighbours, and what a visit that broke has left to do.

Wi-Fi at the edge of its reach breaks every few hundred kilobytes. So bundles begin small and grow,
each of them is one step that is kept, and the next visit begins with what has not gone over yet.
What went over is known by digests, in memory, for as long as somebody's door is open.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

from shared_schema.sync.courier import COURIER, Item, decode_courier, encode_courier

PART_FIRST_BYTES: Final = 32 * 1024
PART_BYTES: Final = 512 * 1024
"""Bundles grow up to this: on a link that keeps breaking, each of them is one step."""
_SMALL_PARTS: Final = 7
"""After so many the link is better than that: a visit has only so many posts."""
_NEIGHBOURS_MAX: Final = 64


class Steps:
    """What went over to whom, as far as it is known. Not for several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, dict[bytes, bool]] = OrderedDict()
        """By neighbour and item: whether it is known to be there, or was only sent."""

    def left(self, who: str, items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
        """What may not have gone over yet, what was never sent first; and what has gone over."""
        known = self._known.get(who, {})
        ranked = [(known.get(_key(item)), item) for item in items]
        never = [item for rank, item in ranked if rank is None]
        unsure = [item for rank, item in ranked if rank is False]
        return never + unsure, [item for rank, item in ranked if rank]

    def sent(self, who: str, raw: bytes, *, arrived: bool = False) -> None:
        """A bundle goes to a neighbour, and a cut may leave the beginning of it; or it is there.

        The neighbour not heard of longest is forgotten.
        """
        if raw[:1] != bytes((COURIER,)):
            return  # a bare request, as older versions give it
        known = self._known.setdefault(who, {})
        self._known.move_to_end(who)
        for item in decode_courier(raw).items:
            known[_key(item)] = known.get(_key(item), False) or arrived
        if len(self._known) > _NEIGHBOURS_MAX:
            self._known.popitem(last=False)


def in_steps(city: bytes, items: Sequence[Item]) -> list[bytes]:
    """Bundles of these items in their order: some small ones, then each twice as long.

    An item that is longer by itself gets a bundle of its own.
    """
    groups: list[list[Item]] = []
    room = 0
    for item in items:
        if not groups or item.size > room:
            doubled = min(max(len(groups) - _SMALL_PARTS, 0), 16)
            room = min(PART_FIRST_BYTES << doubled, PART_BYTES)
            groups.append([])
        groups[-1].append(item)
        room -= item.size
    return [encode_courier(city, each) for each in groups]


def _key(item: Item) -> bytes:
    return hashlib.sha256(bytes((item.type,)) + item.body).digest()
