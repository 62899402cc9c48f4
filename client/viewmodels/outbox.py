"""The outbox: everything that this person has said or begun, and how far each piece has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.drafts import Draft
from client.services.types import AppealView
from client.viewmodels.base import once, told

if TYPE_CHECKING:
    from client.viewmodels.app import App


class OutboxModel(ft.Observable):
    """Drafts, what waits, what was refused; then what the city has."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.drafts: tuple[Draft, ...] = ()
        self.handed = 0

    @property
    def refused(self) -> tuple[AppealView, ...]:
        """What the city did not take: it can be mended and sent again."""
        return tuple(item for item in self.app.appeals.items if _refused(item))

    @property
    def waiting(self) -> tuple[AppealView, ...]:
        """What has something without a receipt."""
        return tuple(i for i in self.app.appeals.items if i.pending and not _refused(i))

    @property
    def received(self) -> tuple[AppealView, ...]:
        """What the city has in full."""
        return tuple(i for i in self.app.appeals.items if not i.pending and not _refused(i))

    @told
    async def refresh(self) -> None:
        """Read the drafts again; the rest is the appeals' list."""
        self.drafts = tuple(await self.app.device.read(self.app.open_services.drafts.list))
        self.notify()  # type: ignore[no-untyped-call]

    @told
    async def forget_draft(self, draft_id: str) -> None:
        """Throw a draft away."""
        await self.app.device.note(self.app.open_services.drafts.forget, draft_id)
        self.app.write.forgotten(draft_id)
        await self.refresh()

    @told
    @once
    async def hand_over(self) -> None:
        """Put what waits into a file for a courier."""
        own, note = self.app.open_services.own, self.app.device.note
        raw, count = await note(own.hand_over)
        if count and await self.app.phone.save_file("misto-outbox.bundle", raw):
            await note(own.handed_over)
            self.handed = count
        await self.app.appeals.refresh()
        await self.refresh()


def _refused(item: AppealView) -> bool:
    return item.state == "refused" or any(part.state == "refused" for part in item.parts)
