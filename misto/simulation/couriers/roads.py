"""The way of a bundle from hand to hand: files get lost, cut, doubled, delayed, torn and mixed."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Final, NamedTuple

from misto.simulation.couriers.paths import Load, Paths
from misto.simulation.couriers.walker import Walker
from misto.simulation.network import Trace
from shared_schema.errors import TooLarge
from shared_schema.sync.courier import REPLY_ITEM, Item, decode_courier, encode_courier

CRASHES: Final = 0.04
_DELAY_HOURS_MAX: Final = 72
_PART_ITEMS: Final = (0, 0, 0, 7)
_FATES: Final = (
    ("lost", 0.08), ("cut", 0.07), ("torn", 0.05), ("repeated", 0.06), ("delayed", 0.1),
    ("mixed", 0.04),
)  # fmt: skip


class Late(NamedTuple):
    """Bundles that lie about somewhere until they are found."""

    hour: int
    taker: Walker
    raws: list[bytes]
    load: Load | None


@dataclass(slots=True)
class Roads:
    """All ways between people. What arrives whole is noted in `paths`."""

    dice: Random
    paths: Paths
    trace: Trace
    strangers: list[Item]
    calm: bool = False
    hour: int = 0
    late: list[Late] = field(default_factory=list)
    handed: int = 0
    untouched: int = 0
    over_limit: int = 0
    """Takes that were not read to their end, because of `CARRIED_IMPORT_CHANGES_MAX`."""

    def hand(self, taker: Walker, raws: list[bytes], load: Load | None) -> str:
        """Bring bundles to `taker`; without a `load`, what arrives is in no record."""
        self.handed += 1
        fate = self._fate()
        if fate == "lost":
            return fate
        if fate == "delayed":
            hour = self.hour + self.dice.randrange(1, _DELAY_HOURS_MAX + 1)
            self.late.append(Late(hour, taker, raws, load))
            return fate
        spoilt = {"cut": self._cut, "torn": self._torn, "mixed": self._mixed}.get(fate)
        if spoilt:
            return f"{fate} {self._take(taker, [spoilt(raw) for raw in raws], None)}"
        if fate == "repeated":
            self._take(taker, raws[::-1], None)
        return f"{fate} {self._take(taker, raws, load)}"

    def arrive_late(self, *, everything: bool = False) -> None:
        """What was delayed turns up."""
        waiting, self.late = self.late, []
        for each in waiting:
            if not everything and each.hour > self.hour:
                self.late.append(each)
                continue
            ended = self._take(each.taker, each.raws, each.load)
            self.trace(f"late at {each.taker.name}: {ended}")

    def _take(self, taker: Walker, raws: list[bytes], load: Load | None) -> str:
        if not self.calm and self.dice.random() < CRASHES:
            for raw in raws[:1]:
                taker.take_and_crash(raw)
            return "crashed"
        taken = [taker.take(raw) for raw in raws]
        good = [each for each in taken if each]
        if any(each.reason == TooLarge.code for one in good for each in one.refused):
            self.over_limit += 1  # more than one import may look at: the rest comes another time
        elif load is not None:
            self.untouched += 1
            self.paths.handed(load, taker.name)
        sums = (
            sum(getattr(each, what) for each in good)
            for what in ("requests", "replies", "own_replies", "settled", "arrived")
        )
        return " ".join(map(str, sums))

    def _fate(self) -> str:
        roll = self.dice.random()
        for name, likely in _FATES:
            if roll < likely and not self.calm:
                return name
            roll -= likely
        return "arrived"

    def _cut(self, raw: bytes) -> bytes:
        """In the middle of an item; not of a packed stream, whose length is not for a seed."""
        items = decode_courier(raw).items
        kept, plain = self.dice.randrange(len(items) + 1), 18
        whole = b"".join(_framed(item) for item in items[:kept])
        half = _framed(items[kept])[:20] if kept < len(items) else b""
        return raw[: plain - 1] + b"\0" + whole + half

    def _torn(self, raw: bytes) -> bytes:
        items = [item for item in decode_courier(raw).items if self.dice.random() < 0.6]
        self.dice.shuffle(items)
        return encode_courier(raw[1:17], items)

    def _mixed(self, raw: bytes) -> bytes:
        return encode_courier(raw[1:17], [*self.strangers, *decode_courier(raw).items])


def in_parts(raws: list[bytes], dice: Random) -> list[bytes]:
    """Now and then many small bundles. By items: how long those are is not for a seed."""
    most = dice.choice(_PART_ITEMS)
    if not most:
        return raws
    items = [item for raw in raws for item in decode_courier(raw).items]
    parts: list[list[Item]] = [[]]
    for item in items:
        if len(parts[-1]) >= most and item.type != REPLY_ITEM:  # which goes with its request
            parts.append([])
        parts[-1].append(item)
    return [encode_courier(raws[0][1:17], part) for part in parts]


def _framed(item: Item) -> bytes:
    return bytes((item.type,)) + len(item.body).to_bytes(4) + item.body
