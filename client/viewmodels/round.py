"""A volunteer's round in a window: becoming one, the doors, the light, and handing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.rounds.types import HandedIn, Mark, RoundView, StopView
from client.services.scanning.scanner import Found
from client.services.volunteers import Membership
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
        return self.view.stops[: self._shown] if self.view else ()

    @property
    def has_more(self) -> bool:
        """Whether there are more."""
        return self.view is not None and len(self.view.stops) > self._shown

    @told
    async def refresh(self) -> None:
        """Read again as what this device is a volunteer, and how the round stands."""
        services, read = self.app.open_services, self.app.device.read
        self.membership = await read(services.volunteers.membership)
        self.view = await read(services.rounds.view)

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
        self.open = "" if self.open == stop else stop

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
        await self._note("remove", stop)

    @told
    async def handed_at(self, stop: str) -> None:
        """The replies for a door were handed over."""
        senders = await self.app.device.read(self.app.open_services.rounds.senders_at, stop)
        await self._note("handed", senders)

    @told
    async def handed_to(self, sender: str) -> None:
        """The reply for a device of which no door is known was handed over."""
        await self._note("handed", [sender])

    @told
    @once
    async def hand_in(self) -> None:
        """One tap: bring everything to the city, wipe what it has signed for, tell it."""
        self.busy, self.handed_in, self.unreached = True, None, False
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

    async def _note(self, act: str, *args: object) -> None:
        self.found = None
        await self.app.device.note(getattr(self.app.open_services.rounds, act), *args)
        await self.refresh()
