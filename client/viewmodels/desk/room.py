"""The desk's room: its parts, following the log without getting in the way, and the keys."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import flet as ft

from client.viewmodels.base import notice_of, told
from client.viewmodels.desk.bulk import BulkModel
from client.viewmodels.desk.folder import FolderModel
from client.viewmodels.desk.keys import Command, command_of
from client.viewmodels.desk.replies import RepliesModel
from client.viewmodels.desk.table import TableModel
from client.viewmodels.desk.templates import TemplatesModel

if TYPE_CHECKING:
    from client.viewmodels.app import App

TEMPLATES: Final = "templates"
"""In the place of a record in an address: the reply templates."""
SEARCH: Final = "queue-search"
REPLY: Final = "desk-reply-text"
ROW: Final = "queue-row"
"""What the keys send the focus to, or bring into sight."""


class BuildModel(ft.Observable):
    """How far the queue is opened. The first time it takes a while: each appeal is sealed."""

    def __init__(self) -> None:
        self.running = False
        self.ready = False
        self.done = 0
        self.all = 0


class DeskModel(ft.Observable):
    """Everything of the desk in one window."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.me = ""
        self.help = False
        self.build = BuildModel()
        self.table = TableModel(app)
        self.bulk = BulkModel(app, self.table)
        self.folder = FolderModel(app)
        self.templates = TemplatesModel(app)
        self._again = False
        self._leads = False

    @property
    def replies(self) -> RepliesModel:
        """The reply to the open appeal."""
        return self.folder.replies

    async def refresh(self) -> None:
        """Follow the log. The first time that goes on behind, and the other rooms open at once."""
        if self.build.running:
            self._again = True
        elif self.build.ready:
            await self._follow()
        else:
            self.build.running = True
            self.app.spawn(self._build())

    @told
    async def select(self, record: str) -> None:
        """Open an appeal, or the templates."""
        if record == TEMPLATES:
            await self.templates.refresh()
        elif self.build.ready:
            await self.folder.select(record)
            self.table.point_at(record)

    def press(self, key: str, *, shift: bool = False) -> None:
        """A key, wherever the focus is."""
        command = command_of(key, shift=shift)
        if self.app.keyboard.taken_by:
            if command == "back":
                self.app.keyboard.gone()
                self.app.keyboard.send_away()
            return
        if key == "Tab":
            self._leads = False  # from here on Enter belongs to what has the focus
        if command is not None and self.build.ready:
            self.app.spawn(self._do(command))

    def clicked(self, act: Callable[[], object]) -> Callable[[], None]:
        """A tap on something that may take the focus, and Enter with it."""

        def tapped() -> None:
            self._leads = False
            act()

        return tapped

    def open(self, record: str, *, writes: bool = False) -> None:
        """Show an appeal; `writes` sends the focus to its reply."""
        self.app.go("queue", record)
        if writes:
            self.app.keyboard.send(REPLY)

    def show_help(self, on: bool) -> None:
        """The list of keys."""
        self.help = on

    @told
    async def _do(self, command: Command) -> None:
        if command in ("next", "previous"):
            await self._step(1 if command == "next" else -1)
        elif command == "back":
            self._back()
        elif command == "help":
            self.help = not self.help
        elif command == "assign":
            await self._assign()
        elif command == "reply":
            await self._reply()
        elif not self.app.record:
            self._in_table(command)

    def _in_table(self, command: Command) -> None:
        row = self.table.row
        if command == "search":
            self.app.keyboard.send(SEARCH)
        elif row is None:
            return
        elif command == "mark":
            self.bulk.toggle(row.case.record)
        elif command == "open" and self._leads:
            self.open(row.case.record)

    async def _step(self, by: int) -> None:
        """The next row; with an appeal open, the next appeal."""
        self._leads = True
        self.app.keyboard.send_away()  # a button that has the focus would hear Enter too
        row = await self.table.move(by)
        self.app.keyboard.show(ROW)
        if row is not None and self.folder.record and self.app.record == self.folder.record:
            self.open(row.case.record)

    def _back(self) -> None:
        """Out of the innermost thing that is open."""
        if self.help:
            self.help = False
        elif self.app.record:
            if self.folder.ask:
                self.folder.begin("")
            else:
                self.app.back()
        elif self.bulk.act is not None:
            self.bulk.back()
        elif self.bulk.marked:
            self.bulk.let_go()
        else:
            self.table.hand.at = -1

    async def _assign(self) -> None:
        """To me: the open one, the marked ones (after a question), or the row in hand."""
        if self.app.record:
            if self.folder.record == self.app.record:
                await self.folder.assign(self.me)
        elif self.bulk.marked:
            await self.bulk.begin("assign", self.me)
            await self.bulk.check()
        elif self.table.row is not None:
            office, record = self.app.open_services.office, self.table.row.case.record
            done = await self.app.device.save(office.assign, [record], self.me)
            if done.failed:
                self.app.notice = notice_of(done.failed[0][1])

    async def _reply(self) -> None:
        if self.app.record:
            self.app.keyboard.send(REPLY)
        elif self.table.row is not None:
            self.open(self.table.row.case.record, writes=True)

    @told
    async def _build(self) -> None:
        """Open the whole queue in a thread; what it tells hops to the loop."""
        loop = asyncio.get_running_loop()

        def progress(done: int, all_: int) -> None:
            loop.call_soon_threadsafe(self._progressed, done, all_)

        try:
            await self.app.device.read(self.app.open_services.office.refresh, progress)
            self.build.ready = True
        finally:
            self.build.running = False
        await self._show()
        if self._again:
            self._again = False
            await self._follow()

    def _progressed(self, done: int, all_: int) -> None:
        self.build.done, self.build.all = done, all_

    async def _show(self) -> None:
        """What there is, for the first time; an address may have named an appeal already."""
        office = self.app.open_services.office
        self.me = await self.app.device.read(office.me)
        await self.table.refresh()
        await self.replies.refresh()
        if self.app.section == "queue" and self.app.record not in ("", TEMPLATES):
            await self.select(self.app.record)

    @told
    async def _follow(self) -> None:
        await self.app.device.read(self.app.open_services.office.refresh)
        await self.table.refresh()
        await self.folder.refresh()
