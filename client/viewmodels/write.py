"""Writing to the city: the form, the checks in plain words, the review, and saving it here.

What is typed is saved as a sealed draft a moment after the last key, in a thread: a key never waits
for the disk, and a battery that ends takes at most a second of words with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal

import flet as ft

from client.services.drafts import Draft, Purpose
from client.services.sealed_drafts import new_draft_id
from client.services.types import AppealView
from client.viewmodels.autosave import Autosave
from client.viewmodels.base import told
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.appeal import Amended, AppealKind, Lane, Opened, Position

if TYPE_CHECKING:
    from client.viewmodels.app import App

Problem = tuple[str, int]
"""The key of a text and the number in it (0 for none)."""
Step = Literal["form", "review", "saved"]
FIELDS: Final = (
    "title", "text", "category", "address", "district", "name", "residence", "contact",
)  # fmt: skip
LIMITS: Final = {"title": TITLE_CHARS_MAX, "text": TEXT_CHARS_MAX}
REQUIRED: Final = ("title", "text")
IDENTIFIED: Final = ("name", "residence", "contact")
"""What article 5 of the law asks of an appeal, and a signal goes without."""


class WriteModel(ft.Observable):
    """A draft. `texts` is a plain object: a re-render at each key would race with the next one."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.lane: Lane = "signal"
        self.kind: AppealKind = "application"
        self.category = ""
        self.all_categories = False
        self.position: Position | None = None
        self.locating = False
        self.step: Step = "form"
        self.purpose: Purpose = "new"
        self.about = ""
        self.problems: dict[str, Problem] = {}
        self.saved: AppealView | None = None
        self.resumed = False
        self.busy = False
        self.form = 0
        """Counts the forms: the fields of another one are other fields."""
        self.autosave = Autosave(app, self._worth_saving, lambda services: services.drafts.put)
        self._place = ""
        self._draft = new_draft_id()
        self._texts: dict[str, str] = dict.fromkeys(FIELDS, "")

    def text(self, field: str) -> str:
        """What a field holds."""
        return self._texts[field]

    def typed(self, field: str) -> Callable[[str], None]:
        """The function that takes what is typed into a field."""

        def take(text: str) -> None:
            self._texts[field] = text
            self.autosave.soon()
            if field in self.problems and not self._check().get(field):
                self.problems = {key: p for key, p in self.problems.items() if key != field}

        return take

    def choose_lane(self, lane: Lane) -> None:
        """A signal or an appeal; a problem of the other lane's fields is none any more."""
        self.lane = lane
        self.problems = {}
        self.autosave.soon()

    def choose_kind(self, kind: AppealKind) -> None:
        """What an identified appeal is."""
        self.kind = kind
        self.autosave.soon()

    def choose_category(self, category: str) -> None:
        """What it is about."""
        self.category = category
        self.typed("category")(category)

    def show_categories(self) -> None:
        """All topics, not the urgent ones only."""
        self.all_categories = True

    @told
    async def locate(self) -> None:
        """Take the phone's position, coarsely: about a kilometre, unless the person wants less."""
        self.locating = True
        try:
            fix = await self.app.rough_position()
        finally:
            self.locating = False
        if fix is None:
            return
        self.position = Position(fix.lat_e5, fix.lon_e5, fix.within_m)
        self.autosave.soon()

    def drop_position(self) -> None:
        """Send no position."""
        self.position = None
        self.autosave.soon()

    def review(self) -> None:
        """Go on to the review when nothing is missing."""
        self.problems = self._check()
        if not self.problems:
            self.step = "review"

    def edit(self) -> None:
        """Back from the review to the form, unless it is being saved at this moment."""
        if not self.busy:
            self.step = "form"

    @told
    async def save(self) -> None:
        """Check, then save; `saved` is set after the commit and never before."""
        if self.busy:
            return
        self.problems = self._check()
        if self.problems:
            self.step = "form"
            return
        self.busy = True
        try:
            saved = await self._file()
            self._clear()
            self.saved, self.step = saved, "saved"
        except Exception:
            self.autosave.soon()  # the words go on being a draft
            raise
        finally:
            self.busy = False

    def again(self) -> None:
        """A new, empty form."""
        self._clear()

    def start_new(self, category: str = "", lane: Lane = "signal") -> None:
        """A new form about something, whatever was there before is kept as a draft."""
        self.save_draft_now()
        self._clear()
        self.lane = lane
        self.choose_category(category)
        self.app.go("write")

    def start_amend(self, item: AppealView) -> None:
        """Write an own appeal's words anew; allowed until the desk has registered it."""
        self._start_from(item, "amend")

    def start_again(self, item: AppealView) -> None:
        """Mend a refused appeal and send it as a new one."""
        self._start_from(item, "again")

    def leave(self) -> None:
        """The room is left: what was typed is saved now, what was sent makes room."""
        self.save_draft_now()
        if self.step == "saved":
            self._clear()

    def take_up(self, draft: Draft) -> None:
        """Go on with a draft."""
        if draft.id == self._draft:
            self.step = "form"  # what is in the form may be newer
            return
        self._clear()
        self._draft = draft.id
        self.lane, self.kind, self.position = draft.lane, draft.kind, draft.position
        self.purpose, self.about, self._place = draft.purpose, draft.about, draft.place
        self._texts = {field: draft.texts.get(field, "") for field in FIELDS}
        self.category = self._texts["category"]
        self.resumed = True

    async def resume_draft(self) -> None:
        """Go on with the draft that was written last, when nothing is being written now."""
        drafts = await self.app.device.read(self.app.open_services.drafts.list)
        if drafts and not any(text.strip() for text in self._texts.values()):
            self.take_up(drafts[0])
        elif not self._texts["district"]:
            self._texts["district"] = self.app.prefs.district

    def discard(self) -> None:
        """Throw the draft away and begin anew."""
        draft_id = self._draft
        self._clear()
        self.app.spawn(self._forget(draft_id))

    def forgotten(self, draft_id: str) -> None:
        """A draft was thrown away elsewhere; if it is this one, so is the form."""
        if draft_id == self._draft:
            self._clear()

    def save_draft_now(self) -> None:
        """Save what was typed without waiting for a pause."""
        self.autosave.now()

    def forget(self) -> None:
        """Nothing of a device that is gone."""
        self._clear()
        self.autosave.forget()

    def _start_from(self, item: AppealView, purpose: Purpose) -> None:
        self.save_draft_now()
        self._clear()
        self.lane = "appeal" if item.lane == "appeal" else "signal"
        self.kind = item.kind or "application"  # type: ignore[assignment]
        self.purpose, self.about = purpose, item.record
        self.position, self._place = item.position, item.place
        self._texts = {field: str(getattr(item, field)) for field in FIELDS}
        self.category = item.category
        self.app.go("write")

    def _worth_saving(self) -> Draft | None:
        return None if self.busy or self.step == "saved" else self._as_draft()

    async def _file(self) -> AppealView:
        """Save it as sent, and no writing of its draft may come after that."""
        self.autosave.stop()
        self.autosave.forget(self._draft)
        await self.autosave.settled()
        appeals, save = self.app.open_services.appeals, self.app.device.save
        if self.purpose == "amend":
            return await save(appeals.amend, self.about, self._amended(), self._draft)
        saved = await save(appeals.file, self._opened(), self._draft)
        if self.purpose == "again":
            await self.app.appeals.mended(self.about)
        return saved

    async def _forget(self, draft_id: str) -> None:
        self.autosave.forget(draft_id)
        await self.app.device.note(self.app.open_services.drafts.forget, draft_id)
        if "outbox" in self.app.behind:
            await self.app.outbox.refresh()

    def _clear(self) -> None:
        self.autosave.stop()
        self._draft = new_draft_id()
        self._place = self.about = ""
        self._texts = dict.fromkeys(FIELDS, "")
        self._texts["district"] = self.app.prefs.district
        self.purpose = "new"
        self.category, self.position, self.all_categories = "", None, False
        self.problems, self.saved, self.resumed = {}, None, False
        self.step = "form"
        self.form += 1

    def _as_draft(self) -> Draft:
        texts = {field: text for field, text in self._texts.items() if text}
        if set(texts) <= {"district", "category"}:
            texts = {}  # choices that the app makes by itself are not worth a draft
        return Draft(
            self._draft, texts, lane=self.lane, kind=self.kind, position=self.position,
            place=self._place, purpose=self.purpose, about=self.about,
        )  # fmt: skip

    def _check(self) -> dict[str, Problem]:
        identified = self.lane == "appeal" and self.purpose != "amend"
        required = REQUIRED + (IDENTIFIED if identified else ())
        problems: dict[str, Problem] = {}
        for field in FIELDS:
            limit = LIMITS.get(field, SHORT_CHARS_MAX)
            if field in required and not self._texts[field].strip():
                problems[field] = (f"check.{field}_empty", 0)
            elif len(self._texts[field].strip()) > limit:
                problems[field] = ("check.too_long", limit)
        return problems

    def _opened(self) -> Opened:
        texts: dict[str, Any] = {field: text.strip() for field, text in self._texts.items()}
        if self.lane == "signal":
            texts |= dict.fromkeys(IDENTIFIED, "")
        kind: AppealKind = self.kind if self.lane == "appeal" else ""
        texts["category"] = texts["category"] or "other"
        return Opened(lane=self.lane, kind=kind, position=self.position, place=self._place, **texts)

    def _amended(self) -> Amended:
        texts = {field: text.strip() for field, text in self._texts.items()}
        return Amended(texts["title"], texts["text"], texts["category"], texts["address"])
