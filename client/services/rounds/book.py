"""The book of a round: one sealed note, because how many doors there are is a secret as well."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Concatenate, Final, ParamSpec, TypeVar

import msgspec

from client.services.errors import UnknownRecord
from client.services.notes import Notes
from client.services.rounds.types import Mark
from shared_schema.errors import PayloadError, TooLarge
from shared_schema.limits import (
    ROUND_HANDED_MAX,
    ROUND_STOPS_MAX,
    ROUND_WORDS_CHARS_MAX,
)

_NAME: Final = "round"
_ID_BYTES: Final = 4
_BUILDING_CHARS_MAX: Final = 20
SENDERS_MAX: Final = 8
_STREET_WORDS: Final = re.compile(
    r"\b(вул(иця)?|просп(ект)?|пров(улок)?|бульв(ар)?|пл(оща)?)\b\.?", re.I
)


class Stop(msgspec.Struct, frozen=True):
    """A door, as it is written down."""

    id: str
    street: str
    building: str
    mark: Mark = ""
    marked_ms: int = 0
    note: str = ""
    senders: list[str] = msgspec.field(default_factory=list)
    """Devices (in hex) whose requests were taken here."""


class Pages(msgspec.Struct, frozen=True):
    """All of it."""

    stops: list[Stop] = msgspec.field(default_factory=list)
    here: str = ""
    since_ms: int = 0
    handed: dict[str, int] = msgspec.field(default_factory=dict)
    """Request in hex to how much its reply said when it was handed over; see `light`."""


P = ParamSpec("P")
T = TypeVar("T")


def _whole(act: Callable[Concatenate[Book, P], T]) -> Callable[Concatenate[Book, P], T]:
    """Read and write in one transaction: an autosaved note and a mark may come at once."""

    @functools.wraps(act)
    def within(self: Book, /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self.notes.writing():
            return act(self, *args, **kwargs)

    return within


class Book:
    """Reading and writing the note. Each change is durable when it returns."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def read(self) -> Pages:
        """The book; an empty one when there is none."""
        return self.notes.get(_NAME, Pages) or Pages()

    @_whole
    def add(self, doors: Iterable[tuple[str, str]]) -> list[Stop]:
        """Put doors (street, building) on the list, those that are not on it; all of them.

        Raises:
            PayloadError: a street or a building is missing or too long. TooLarge: too many doors.
        """
        pages = self.read()
        known = {_same(stop.street, stop.building): stop for stop in pages.stops}
        found: list[Stop] = []
        for door in doors:
            street, building = _checked(*door)
            stop = known.setdefault(_same(street, building), Stop(_new_id(), street, building))
            found.append(stop)
        if len(known) > ROUND_STOPS_MAX:
            raise TooLarge(f"a round has at most {ROUND_STOPS_MAX} doors")
        self._write(pages, stops=list(known.values()))
        return found

    @_whole
    def change(self, /, stop: str, **fields: object) -> Stop:
        """Write something else about a door.

        Raises:
            UnknownRecord: there is no such door.
        """
        pages = self.read()
        changed = msgspec.structs.replace(find(pages, stop), **fields)
        self._write(pages, stops=[changed if each.id == stop else each for each in pages.stops])
        return changed

    @_whole
    def remove(self, stop: str) -> None:
        """Take a door off the list."""
        pages = self.read()
        gone = find(pages, stop)
        here = "" if pages.here == gone.id else pages.here
        self._write(pages, stops=[each for each in pages.stops if each != gone], here=here)

    @_whole
    def stand(self, stop: str, now_ms: int) -> None:
        """The volunteer stands at this door from now on; at none when it is empty."""
        pages = self.read()
        if stop:
            find(pages, stop)
        self._write(pages, here=stop, since_ms=now_ms)

    @_whole
    def tie(self, stop: str, senders: Iterable[str]) -> None:
        """These devices' requests were taken at this door."""
        known = find(self.read(), stop).senders
        together = list(dict.fromkeys([*known, *senders]))[-SENDERS_MAX:]
        if together != known:
            self.change(stop, senders=together)

    @_whole
    def hand(self, replies: dict[str, int]) -> None:
        """These replies were handed over: request to how much it said."""
        pages = self.read()
        handed = {**pages.handed, **replies}
        self._write(pages, handed=dict(list(handed.items())[-ROUND_HANDED_MAX:]))

    @_whole
    def take_back(self, requests: Iterable[str]) -> None:
        """These replies were not handed over after all."""
        pages, back = self.read(), frozenset(requests)
        kept = {each: said for each, said in pages.handed.items() if each not in back}
        self._write(pages, handed=kept)

    def forget(self) -> None:
        """Delete the whole round."""
        self.notes.forget(_NAME)

    def _write(self, pages: Pages, **fields: object) -> None:
        self.notes.put(_NAME, msgspec.structs.replace(pages, **fields))


def find(pages: Pages, stop: str) -> Stop:
    """A door by its id.

    Raises:
        UnknownRecord: there is none.
    """
    for each in pages.stops:
        if each.id == stop:
            return each
    raise UnknownRecord(stop)


def door_of(address: str) -> tuple[str, str]:
    """Street and building of an address as people write it: `вул. Садова, 5, кв. 3`."""
    street, _, rest = address.partition(",")
    building = rest.split(",")[0].strip()
    if not building:  # `Садова 5`
        words = street.split()
        if len(words) > 1 and words[-1][:1].isdigit():
            street, building = " ".join(words[:-1]), words[-1]
    return street.strip(), building[:_BUILDING_CHARS_MAX]


def doors_of(entry: str) -> Iterator[tuple[str, str]]:
    """The doors of an entry of an outage schedule: `Садова: 1-19, 24`; none without houses."""
    street, _, houses = entry.partition(":")
    for part in filter(None, (each.strip() for each in houses.split(","))):
        first, _, last = part.partition("-")
        if first.isdigit() and last.isdigit() and int(last) - int(first) < ROUND_STOPS_MAX:
            yield from (
                (street.strip(), str(number)) for number in range(int(first), int(last) + 1)
            )
        else:
            yield street.strip(), part[:_BUILDING_CHARS_MAX]


def by_street(stop: Stop) -> tuple[object, ...]:
    """The order in which one walks: street by street, 9 before 10."""
    number = re.match(r"\d+", stop.building)
    return (_plain(stop.street), int(number[0]) if number else 0, stop.building, stop.id)


def _plain(street: str) -> str:
    return " ".join(_STREET_WORDS.sub(" ", street.lower()).replace(".", " ").split())


def _same(street: str, building: str) -> tuple[str, str]:
    return _plain(street), building.lower().replace(" ", "")


def _checked(street: str, building: str) -> tuple[str, str]:
    street, building = " ".join(street.split()), " ".join(building.split())
    if not street or len(street) > ROUND_WORDS_CHARS_MAX or len(building) > _BUILDING_CHARS_MAX:
        raise PayloadError("a door has a street and a building, and neither is long")
    return street, building


def _new_id() -> str:
    return os.urandom(_ID_BYTES).hex()
