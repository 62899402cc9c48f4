"""A volunteer's round in a window: becoming one, the doors, the light, and handing in."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

import flet as ft

from client.services.errors import UnknownRecord
from client.services.rounds.types import HandedIn, Light, Mark, Missing, RoundView, StopView
from client.services.scanning.scanner import Found
from client.services.volunteers import Membership
from client.viewmodels.autosave import Autosave
from client.viewmodels.base import PAGE, Typed, once, told
from client.viewmodels.scanning import Wanted
from shared_schema.errors import MistoError

if TYPE_CHECKING:
    from client.viewmodels.app import App

CODE_PROBLEMS: Final = {
    "slip_word": "round.bad_word",
    "slip_count": "round.bad_count",
    "slip_check": "round.bad_check",
    "bad_invitation": "round.bad_code",
    "invitation_closed": "round.closed",
    "other_city": "round.other_city",
}
"""What is wrong with a code, by the error's code, for beside the field."""


class StopNote(NamedTuple):
    """What is being written down about a door."""

    id: str
    text: str


class RoundModel(ft.Observable):
    """The round of this device. What is typed is not observable; see `Typed`."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.membership: Membership | None = None
        self.view: RoundView | None = None
        self.code, self.street, self.building = Typed(), Typed(), Typed()
        self.problem = ""
        self.door_problem = ""
        self.forms = 0
        """Counts what was sent off: the next form is empty."""
        self.open = ""
        """The door whose acts are shown."""
        self.note = Typed()
        """What is written down about that door; saved while it is typed."""
        self._typed: dict[str, str] = {}
        """What was typed since the list was read, by door."""
        self.autosave = Autosave(app, self._noted, lambda _services: self._write_down)
        self.removing = ""
        """The door that is about to be taken off the list: it is asked once more."""
        self.only_left = False
        """Show only the doors that somebody still has to go to."""
        self.just_handed: tuple[str, ...] = ()
        """Whose replies were said to be handed over just now: a tap may have been a mistake."""
        self.found: int | None = None
        """How many doors the city's data has brought, when it was just asked."""
        self.handed_in: HandedIn | None = None
        self.unreached = False
        """The last handing in did not reach the city: nothing was wiped."""
        self.busy = False
        self._shown = PAGE

    @property
    def stops(self) -> tuple[StopView, ...]:
        """The doors that are shown."""
        return self._listed[: self._shown]

    @property
    def has_more(self) -> bool:
        """Whether there are more."""
        return len(self._listed) > self._shown

    @property
    def _listed(self) -> tuple[StopView, ...]:
        """The open one stays, or it would vanish under the thumb that has just marked it."""
        if self.view is None or not self.only_left:
            return self.view.stops if self.view else ()
        return tuple(each for each in self.view.stops if not each.done or each.id == self.open)

    @property
    def light(self) -> Light | None:
        """The light, with what only this window knows: an appeal that nobody has confirmed yet."""
        if self.view is None:
            return None
        unsaved = int(self.app.collect.unconfirmed)
        here = (Missing("unsaved", unsaved),) if unsaved else ()
        return Light((*self.view.light.missing, *here))

    @told
    async def refresh(self) -> None:
        """Read again as what this device is a volunteer, and how the round stands."""
        services, read = self.app.open_services, self.app.device.read
        self.membership = await read(services.volunteers.membership)
        await self.autosave.settled()
        view = await read(services.rounds.view)
        self._typed = {
            door: text
            for door, text in self._typed.items()
            if door == self.open or self.autosave.owes(door)
        }
        self.view = view

    @told
    @once
    async def join(self) -> None:
        """Become a volunteer by the code that was typed or pasted."""
        self.problem = ""
        try:
            await self.app.device.save(self.app.open_services.volunteers.join, self.code.text)
        except MistoError as error:
            if error.code not in CODE_PROBLEMS:
                raise
            self.problem = CODE_PROBLEMS[error.code]
            return
        self.code.text = ""
        self.forms += 1
        await self.refresh()

    def scan(self) -> None:
        """Turn the camera on, for the code of an invitation."""
        self.app.scan.begin(Wanted("round", frozenset({"invitation"}), self._seen))

    async def _seen(self, found: Found) -> None:
        self.code.text = found.text
        await self.join()

    @told
    @once
    async def add(self) -> None:
        """Put the typed door on the list."""
        self.door_problem = "" if self.street.text.strip() else "round.no_street"
        if self.door_problem:
            return
        await self._note("add", self.street.text, self.building.text)
        self.building.text = ""  # the next door is often in the same street
        self.forms += 1

    @told
    @once
    async def from_district(self) -> None:
        """Put on the list what the city's public data names in the volunteer's district."""
        if self.membership is not None:
            found = self.app.open_services.rounds.from_district
            self.found = await self.app.device.note(found, self.membership.district)
            await self.refresh()

    def unfold(self, stop: str) -> None:
        """Show a door's acts, or fold them away."""
        self.save_note_now()
        self.open = "" if self.open == stop else stop
        self.removing = ""
        self.note.text = next((self.note_of(each) for each in self.stops if each.id == stop), "")

    def note_of(self, stop: StopView) -> str:
        """What is written down about a door, the last key included."""
        return self._typed.get(stop.id, stop.note)

    def typed_note(self, text: str) -> None:
        """A key was pressed in the note of the open door."""
        self.note.text = self._typed[self.open] = text
        self.autosave.soon()

    def save_note_now(self) -> None:
        """Save what was typed without waiting for a pause."""
        self.autosave.now()

    def leave(self) -> None:
        """The room is left."""
        self.save_note_now()
        self.just_handed, self.removing = (), ""

    def forget(self) -> None:
        """Nothing of a device that is gone."""
        self.autosave.stop()
        self.autosave.forget()
        self._typed.clear()

    def show_left(self) -> None:
        """Only what is left, or all."""
        self.only_left = not self.only_left

    def ask_remove(self, stop: str) -> None:
        """A door with all that is written about it goes only after a second tap, or stays."""
        self.removing = stop

    def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        self.notify()  # type: ignore[no-untyped-call]

    @told
    async def stand_at(self, stop: str) -> None:
        """The volunteer is at this door now."""
        await self._note("stand_at", stop)

    @told
    async def mark(self, stop: str, mark: Mark) -> None:
        """What was found at a door."""
        await self._note("mark", stop, mark)

    @told
    async def remove(self, stop: str) -> None:
        """Take a door off the list."""
        self.autosave.stop()
        self.autosave.forget(stop)
        await self._note("remove", stop)
        self.removing = self.open = ""

    @told
    async def handed_at(self, stop: str) -> None:
        """The replies for a door were handed over."""
        senders = await self.app.device.read(self.app.open_services.rounds.senders_at, stop)
        await self._note("handed", senders)
        self.just_handed = tuple(senders)

    @told
    async def handed_to(self, sender: str) -> None:
        """The reply for a device of which no door is known was handed over."""
        await self._note("handed", [sender])
        self.just_handed = (sender,)

    @told
    async def take_back(self) -> None:
        """The last tap was a mistake: those replies are still to be handed over."""
        await self._note("take_back", self.just_handed)

    @told
    @once
    async def hand_in(self) -> None:
        """One tap: bring everything to the city, wipe what it has signed for, tell it."""
        self.busy, self.handed_in, self.unreached, self.just_handed = True, None, False, ()
        try:
            self.handed_in = await self.app.device.note(self.app.open_services.hand_in)
            self.app.device.exchange_now()  # so that the line of truth knows of it
        except MistoError as error:
            if error.code not in ("unreachable", "server_refused"):
                raise
            self.unreached = True
        finally:
            self.busy = False
        await self.refresh()

    def _noted(self) -> StopNote | None:
        return StopNote(self.open, self.note.text) if self.open else None

    def _write_down(self, note: StopNote) -> None:
        with suppress(UnknownRecord):  # the door is off the list by now
            self.app.open_services.rounds.note(note.id, note.text)

    async def _note(self, act: str, *args: object) -> None:
        self.found, self.just_handed = None, ()
        await self.app.device.note(getattr(self.app.open_services.rounds, act), *args)
        await self.refresh()
