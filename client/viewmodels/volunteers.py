"""A desk's volunteers in a window: inviting, showing the code once, ending an invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import flet as ft

from client.services.volunteers import InvitedView
from client.viewmodels.base import Typed, once, told
from shared_schema.sync.invitation import InvitationCode

if TYPE_CHECKING:
    from client.viewmodels.app import App

DAYS: Final = (7, 30, 90, 365)
_DAY_MS: Final = 86_400_000


class VolunteersModel(ft.Observable):
    """Whom this desk has invited, and the form for the next one."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.items: tuple[InvitedView, ...] = ()
        self.queues: tuple[str, ...] = ()
        self.queue = ""
        self.district = ""
        self.days = 30
        self.name = Typed()
        self.code: InvitationCode | None = None
        """Just made: shown until the person goes on, and never again."""
        self.asked = ""
        """The invitation whose end was asked for, and not confirmed yet."""
        self.forms = 0

    @told
    async def refresh(self) -> None:
        """Read the list again."""
        volunteers, read = self.app.open_services.volunteers, self.app.device.read
        self.queues = tuple(await read(volunteers.queues))
        self.queue = self.queue if self.queue in self.queues else next(iter(self.queues), "")
        self.items = tuple(await read(volunteers.invited)) if self.queues else ()
        districts = self.app.open_services.districts
        self.district = self.district or next(iter(districts), "")

    def choose(self, *, queue: str = "", district: str = "", days: int = 0) -> None:
        """One of the form's choices."""
        self.queue = queue or self.queue
        self.district = district or self.district
        self.days = days or self.days

    @told
    @once
    async def invite(self) -> None:
        """Make an invitation and show its code."""
        until_ms = self.app.exchange.now_ms + self.days * _DAY_MS
        act = self.app.open_services.volunteers.invite
        self.code = await self.app.device.save(
            act, self.queue, self.district, until_ms, self.name.text.strip()
        )
        self.name.text = ""
        self.forms += 1
        await self.refresh()

    def put_away(self) -> None:
        """The code was handed over: nothing here shows it any more."""
        self.code = None

    def ask(self, invitation: str) -> None:
        """The first tap: end this one? Empty takes it back."""
        self.asked = invitation

    @told
    @once
    async def dismiss(self) -> None:
        """The second tap: it ends, and whoever has joined by it."""
        await self.app.device.save(self.app.open_services.volunteers.dismiss, self.asked)
        self.asked = ""
        await self.refresh()
