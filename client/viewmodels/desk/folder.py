"""The open appeal: everything of it on the table, and each act on it, told when it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import flet as ft

from client.services.office.asked import Done, Folder
from client.viewmodels.base import Typed, notice_of, once, told
from client.viewmodels.desk.merging import MergingModel
from client.viewmodels.desk.register import RegisterModel
from client.viewmodels.desk.replies import RepliesModel
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX

if TYPE_CHECKING:
    from client.viewmodels.app import App

Ask = Literal[
    "", "in_progress", "answered", "returned", "closed", "extend", "forward", "assign", "register"
]
SETTABLE: Final = ("in_progress", "answered", "returned", "closed")
NEEDS_WORDS: Final = ("returned", "extend")
"""What the law has explained to the applicant."""


class FolderModel(ft.Observable):
    """One appeal. What is typed for one is not there for the next; replies are kept (`replies`)."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.open: Folder | None = None
        self.queues: tuple[str, ...] = ()
        """Where it may be forwarded to."""
        self.lost = ""
        """What an address names and is not here."""
        self.ask: Ask = ""
        """Which act is being filled in."""
        self.queue = ""
        self.problem = ""
        self.note_problem = ""
        self.done = ""
        """The key of what was saved last."""
        self.words = Typed()
        self.note_words = Typed()
        self.forms = 0
        self._wanted = ""
        self.register = RegisterModel(app)
        self.replies = RepliesModel(app)
        self.merging = MergingModel(app)

    @property
    def record(self) -> str:
        """The open one's, or nothing."""
        return self.open.case.record if self.open else ""

    def called(self, record: str) -> str:
        """A record that the open one names, as it is called; the head of its id where unknown."""
        opened = self.open
        known = [*opened.supporters, *(case for case, _ in opened.duplicates)] if opened else []
        if opened and opened.merged_into:
            known.append(opened.merged_into)
        found = next((case for case in known if case.record == record), None)
        if found is None:
            return record[:8]
        return f"{found.number or found.receipt_number} {found.title}"

    @told
    async def refresh(self) -> None:
        """Read the open appeal again; what is being typed stays."""
        if self._wanted:
            await self._read(self._wanted)

    @told
    async def select(self, record: str) -> None:
        """Open one."""
        fresh = record != self.record
        await self._read(record)
        if fresh and self.record == record and self.open is not None:
            self._begin(self.open)

    def begin(self, ask: Ask) -> None:
        """Fill in an act; an empty one puts the form away."""
        self.ask, self.problem, self.done, self.queue = ask, "", "", ""
        self.words.text = ""
        self.forms += 1
        self.app.keyboard.gone("ask-")
        if ask == "register" and self.open is not None:
            self.register.begin(self.open.case)

    def choose_queue(self, queue: str) -> None:
        """Where to forward it."""
        self.queue, self.problem = queue, ""

    @told
    @once
    async def enter(self) -> None:
        """Enter it in the journal, or correct what was entered."""
        if self.open is None or not self.register.check():
            return
        office, values = self.app.open_services.office, self.register.values()
        record = self.record
        await self._save("desk.done", lambda: office.register(record, **values))

    @told
    @once
    async def assign(self, to: str) -> None:
        """Say who takes care of it; nobody when empty."""
        office = self.app.open_services.office
        await self._save("desk.done", office.assign, [self.record], to)

    @told
    async def assign_typed(self) -> None:
        """Somebody whose name was typed."""
        name = self.words.text.strip()
        self.problem = "" if 0 < len(name) <= SHORT_CHARS_MAX else "desk.assignee_empty"
        if not self.problem:
            await self.assign(name)

    @told
    @once
    async def confirm(self) -> None:
        """Do what was filled in: a status, a longer term, forwarding."""
        words, ask = self.words.text.strip(), self.ask
        self.problem = self._problem(words)
        if self.problem or not ask:
            return
        office, record = self.app.open_services.office, self.record
        if ask == "extend":
            await self._save("desk.done", office.extend, record, words)
        elif ask == "forward":
            await self._save("desk.forwarded", office.forward, [record], self.queue, words)
        else:
            await self._save("desk.done", office.set_status, [record], ask, words)

    @told
    @once
    async def add_note(self) -> None:
        """A note among officers."""
        text = self.note_words.text.strip()
        self.note_problem = "" if text else "desk.note_empty"
        if len(text) > TEXT_CHARS_MAX:
            self.note_problem = "desk.too_long"
        if self.note_problem:
            return
        office = self.app.open_services.office
        if await self._save("desk.noted", office.note, self.record, text):
            self.note_words.text = ""
            self.forms += 1
            self.app.keyboard.gone("desk-note-text")

    @told
    @once
    async def settle(self, field: str, head: str) -> None:
        """Choose one of the rivals of a field."""
        office = self.app.open_services.office
        await self._save("desk.settled", office.settle, self.record, field, head)

    @told
    @once
    async def merge(self, record: str, into: str) -> None:
        """Say that one is about the same as another; an empty `into` undoes it."""
        office = self.app.open_services.office
        done = "desk.merged" if into else "desk.unmerged"
        if await self._save(done, office.merge, [record], into):
            self.merging.clear()

    @told
    @once
    async def reply(self) -> None:
        """Write to the author what is in the field; with it, if wanted, the status."""
        if self.open is None or not self.replies.check():
            return
        office, record = self.app.open_services.office, self.record
        words, answered = self.replies.words.text.strip(), self.replies.answered
        if not await self._save("desk.done", office.reply, [record], words):
            return
        self.replies.sent()
        if answered and self.open.case.status != "answered":
            await self._save("desk.done", office.set_status, [record], "answered", "")

    async def _read(self, record: str) -> None:
        """Read one in a thread; when another one has been asked for meanwhile, forget it."""
        self._wanted = record
        try:
            found, queues = await self.app.device.read(self._folder, record)
        except Exception:
            if self._wanted == record:
                self._wanted, self.lost = self.record, record
            raise
        if self._wanted == record:
            self.open, self.queues, self.lost = found, queues, ""

    def _folder(self, record: str) -> tuple[Folder, tuple[str, ...]]:
        office = self.app.open_services.office
        return office.folder(record), office.forwardable(record)

    async def _save(self, done: str, act: Any, *args: Any) -> bool:
        """Save an act of the open appeal; whether it was done. What was not is told."""
        record = self.record
        if not record:
            return False
        self.done = ""
        result = await self.app.device.save(act, *args)
        if isinstance(result, Done) and result.failed:
            self.app.notice = notice_of(result.failed[0][1])
            return False
        await self._read(record)
        self.ask, self.done = "", done
        self.app.keyboard.gone("ask-", "register-")
        return True

    def _problem(self, words: str) -> str:
        if self.ask == "forward" and not self.queue:
            return "desk.choose_first"
        if self.ask in NEEDS_WORDS and not words:
            return "desk.explain_first"
        return "desk.too_long" if len(words) > SHORT_CHARS_MAX else ""

    def _begin(self, folder: Folder) -> None:
        """Nothing of the appeal that was open before is in the fields."""
        self.begin("")
        self.note_words.text, self.note_problem = "", ""
        self.register.begin(folder.case)
        self.replies.open(folder.case.record)
        self.merging.clear()
