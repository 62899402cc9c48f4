"""One change of a public record, as its fold sees it, and the total order of acts.

News, places and outages are folded from the same five facts; an act of an appeal (`appeal.Act`)
has more. The order is one for all: the same on every replica, whatever came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, NamedTuple, Protocol, TypeVar

P = TypeVar("P")
Order = tuple[int, bytes, int, bytes]


class Ordered(Protocol):
    """An act with an id and a place in the order."""

    @property
    def id(self) -> bytes: ...
    @property
    def order(self) -> Order: ...


A = TypeVar("A", bound=Ordered)


class PublicAct(NamedTuple, Generic[P]):
    """One act of a public record. `time` is a hybrid time, clamped to the receipt."""

    time: int
    device: bytes
    seq: int
    id: bytes
    payload: P

    @property
    def order(self) -> Order:
        """The total order of acts, the same on every replica."""
        return (self.time, self.device, self.seq, self.id)


def in_order(acts: Iterable[A]) -> list[A]:
    """Each act once, in the total order, in whatever order and however often they are given."""
    return sorted({act.id: act for act in acts}.values(), key=lambda act: act.order)
