"""Rounds: the list of doors, filled from what is known here, and the light over it.

All of it works without a network and stays on this device: nothing of a round is ever a change, and
there is no way to export it. What a door has to do with what is carried is only written here, in
the sealed note: the bundles name devices and no addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from client.services.courier.clearing import people, replies_due
from client.services.courier.types import Carried, Cleared
from client.services.guide import Guide
from client.services.notes import Notes
from client.services.replica import Clock
from client.services.rounds.book import Book, Stop, by_street, door_of, doors_of, find
from client.services.rounds.light import light_of
from client.services.rounds.types import (
    CourierPort,
    Deliver,
    HandedIn,
    Mark,
    RoundView,
    StopView,
)
from shared_schema.limits import ROUND_STOPS_MAX, ROUND_WORDS_CHARS_MAX


class Rounds:
    """A volunteer's round. Everything is saved durably before it is returned."""

    def __init__(
        self,
        notes: Notes,
        courier: CourierPort,
        guide: Guide,
        clock: Clock,
        unhanded: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """`unhanded` says which slips made here, by their devices in hex, nobody has yet."""
        self._book = Book(notes)
        self._courier = courier
        self._guide = guide
        self._clock = clock
        self._unhanded = unhanded

    def view(self) -> RoundView:
        """The round as it stands now."""
        carried, pages = self._courier.carried(), self._book.read()
        slips = tuple(self._unhanded())
        due = people(replies_due(carried, pages.handed))
        state = self._courier.state()
        tied = {sender for stop in pages.stops for sender in stop.senders}
        return RoundView(
            tuple(_view(stop, carried, due) for stop in sorted(pages.stops, key=by_street)),
            pages.here,
            light_of(state, len(due), len(slips)),
            state,
            tuple(sorted(due - tied)),
            slips,
        )

    def add(self, street: str, building: str) -> str:
        """Put a door on the list; its id, also when it is there already.

        Raises:
            PayloadError: there is no street, or it is too long. TooLarge: the list is full.
        """
        return self._book.add([(street, building)])[0].id

    def from_district(self, district: str) -> int:
        """Fill the list with the doors that the city's public data names in a district.

        Returns how many are new: those that do not fit any more are left out.
        """
        before = self._book.read().stops
        room = ROUND_STOPS_MAX - len(before)
        doors = dict.fromkeys(self._doors(district))
        self._book.add(list(doors)[:room])
        return len(self._book.read().stops) - len(before)

    def collected(self, address: str, sender: str) -> str:
        """An appeal was taken at this address, and is carried as this device's; the door's id."""
        street, building = door_of(address)
        stop = self._book.add([(street, building)])[0]
        self._book.tie(stop.id, [sender])
        self._book.change(stop.id, mark="visited", marked_ms=self._clock())
        return stop.id

    def stand_at(self, stop: str) -> None:
        """The volunteer is at this door: whose requests come in from now on live here.

        With an empty one the volunteer has gone on.
        """
        self._settle_here()
        self._book.stand(stop, self._clock())

    def note(self, stop: str, text: str) -> None:
        """What the volunteer writes down about a door, for nobody else; an empty text deletes it.

        Raises:
            UnknownRecord: there is no such door any more.
        """
        self._book.change(stop, note=_short(text))

    def mark(self, stop: str, mark: Mark, note: str | None = None) -> None:
        """What was found at a door; with that the volunteer goes on."""
        self._settle_here()
        fields: dict[str, object] = {"mark": mark, "marked_ms": self._clock() if mark else 0}
        if note is not None:
            fields["note"] = _short(note)
        self._book.change(stop, **fields)
        if self._book.read().here == stop:
            self._book.stand("", self._clock())

    def remove(self, stop: str) -> None:
        """Take a door off the list. What was carried from there stays carried."""
        self._settle_here()
        self._book.remove(stop)

    def senders_at(self, stop: str) -> list[str]:
        """The devices behind a door whose replies are here: what `Courier.give_back` takes."""
        pages = self._book.read()
        due = people(replies_due(self._courier.carried(), pages.handed))
        return [sender for sender in find(pages, stop).senders if sender in due]

    def handed(self, senders: Iterable[str]) -> int:
        """The person says that the replies for these devices were handed over; how many were."""
        wanted = set(senders)
        due = replies_due(self._courier.carried(), self._book.read().handed)
        replies = {each.request: each.said for each in due if each.sender in wanted}
        self._book.hand(replies)
        return len(wanted & people(due))

    def take_back(self, senders: Iterable[str]) -> None:
        """A mistaken tap: what was said to be handed to these devices was not; it is due again."""
        wanted = set(senders)
        self._book.take_back(
            each.request for each in self._courier.carried() if each.sender in wanted
        )

    def hand_in(self, deliver: Deliver) -> HandedIn:
        """Bring everything to the city, then wipe what may go; see `clear`.

        Raises:
            MistoError: the city could not be reached. Nothing is wiped.
        """
        sent = deliver()
        return HandedIn(sent.done, self.clear())

    def clear(self, *, replies_too: bool = False) -> Cleared:
        """Wipe what the city has given its receipt for and what was handed over; nothing else.

        A request is kept while its reply waits to be handed over: with it would go the reply, and
        the only way to what the desk says next; and the light would turn green over it.

        Args:
            replies_too: also that, because the person wants it.
        """
        return self._courier.clear(self._book.read().handed, replies_too=replies_too)

    def forget(self) -> None:
        """Delete the round: doors, marks, notes. What is carried stays carried."""
        self._book.forget()

    def _settle_here(self) -> None:
        """What has come in since the volunteer came to the door belongs to it."""
        pages = self._book.read()
        if not pages.here:
            return
        tied = {sender for stop in pages.stops for sender in stop.senders}
        came = {
            each.sender
            for each in self._courier.carried()
            if each.came_ms >= pages.since_ms and each.sender not in tied
        }
        self._book.tie(pages.here, sorted(came))

    def _doors(self, district: str) -> Iterable[tuple[str, str]]:
        for schedule in self._guide.schedules():
            if schedule.scheduled.district == district:
                for entry in schedule.scheduled.streets:
                    yield from doors_of(entry)
        for place in self._guide.places():
            street, building = door_of(place.address)
            if place.district == district and street and building:
                yield street, building


def _short(note: str) -> str:
    return " ".join(note.split())[:ROUND_WORDS_CHARS_MAX]


def _view(stop: Stop, carried: Iterable[Carried], due: frozenset[str]) -> StopView:
    here = [each for each in carried if each.sender in stop.senders]
    return StopView(
        stop.id, stop.street, stop.building, stop.mark, stop.marked_ms, stop.note,
        sum(not each.done for each in here), sum(sender in due for sender in stop.senders),
    )  # fmt: skip
