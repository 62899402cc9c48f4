"""The week of one queue in a form: each day as hours that people write, with a strip beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, cast

from client.services.guide_types import ScheduleView
from client.services.interchange.cells import day_of, day_text
from client.services.interchange.columns import DAY_COLUMNS, Language
from client.services.typed_times import typed_ms, typed_text
from client.viewmodels.base import once, told
from client.viewmodels.newsroom.preview import Later
from client.viewmodels.newsroom.sheets import NEW, Sheets, check_texts
from client.viewmodels.write import Problem
from shared_schema.limits import OUTAGE_STREETS_MAX, SHORT_CHARS_MAX
from shared_schema.records.outage import Scheduled

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.newsroom.weeks import WeeksModel

_BARE_HOUR: Final = re.compile(r"(?<![\d:])(\d{1,2})(?![\d:])")


class WeekFormModel(Sheets):
    """The fields of the schedule that is open; `utility` is chosen by a tap."""

    def __init__(self, app: App, weeks: WeeksModel) -> None:
        super().__init__()
        self.app = app
        self.strips = Later()
        self._weeks = weeks

    def show(self, view: ScheduleView | None) -> None:
        """Open the form of a schedule, or of a new one."""
        self.begin(view.record if view else NEW, self._texts_of(view))

    @property
    def is_new(self) -> bool:
        """Whether it is not published yet."""
        return self.open == NEW

    def typed(self, field: str) -> Callable[[str], None]:
        """See `Sheets`; the strips follow what is typed."""
        take = super().typed(field)

        def taken(text: str) -> None:
            take(text)
            self.strips.soon()

        return taken

    def day(self, column: str) -> str | None:
        """The 48 signs of a day as it is written now; None where that is not understood."""
        return day_typed(self.text(column))

    def same_all_week(self, column: str) -> None:
        """Make every day like this one."""
        for other in DAY_COLUMNS:
            super().typed(other)(self.text(column))
        self.forms += 1

    @told
    @once
    async def save(self) -> None:
        """Publish it, or say it again."""
        if not self.tell(self._check()):
            return
        guide, save = self.app.open_services.guide_desk, self.app.device.save
        await save(guide.put_schedule, "" if self.is_new else self.open, self._scheduled())
        self.end()
        await self._weeks.refresh()
        self.app.go("newsroom", "outages")

    def close(self) -> None:
        """Back to the tables; what was typed is still there when the form is opened again."""
        self.app.go("newsroom", "outages")

    def discard(self) -> None:
        """Back to the tables, and nothing of what was typed."""
        self.end()
        self.close()

    def _texts_of(self, view: ScheduleView | None) -> dict[str, str]:
        if view is None:
            return {"utility": "power"}
        week = view.scheduled
        language = cast(Language, self.app.language)
        days = {name: day_text(day, language)
                for name, day in zip(DAY_COLUMNS, week.week, strict=True)}  # fmt: skip
        return {
            "utility": week.utility, "queue": week.queue, "district": week.district,
            "streets": "\n".join(week.streets), "note": week.note,
            "until": typed_text(week.expires_at_ms, self.app.zone), **days,
        }  # fmt: skip

    def _streets(self) -> list[str]:
        return [line.strip() for line in self.text("streets").splitlines() if line.strip()]

    def _until(self) -> int | None:
        text = self.text("until").strip()
        return typed_ms(text, self.app.exchange.now_ms, self.app.zone) if text else 0

    def _check(self) -> dict[str, Problem]:
        problems = check_texts(self.text, ("queue", "district", "note"), "queue")
        problems |= {name: ("check.day", 0) for name in DAY_COLUMNS if self.day(name) is None}
        streets = self._streets()
        if len(streets) > OUTAGE_STREETS_MAX:
            problems["streets"] = ("check.many_lines", OUTAGE_STREETS_MAX)
        elif any(len(each) > SHORT_CHARS_MAX for each in streets):
            problems["streets"] = ("check.long_line", SHORT_CHARS_MAX)
        if self._until() is None:
            problems["until"] = ("check.moment", 0)
        if "queue" not in problems and self._is_taken():
            problems["queue"] = ("check.queue_taken", 0)
        return problems

    def _is_taken(self) -> bool:
        """Nobody is to have two weeks."""
        own = tuple(self.text(each).strip() for each in ("utility", "queue", "district"))
        return any(
            (view.utility, view.queue, view.scheduled.district) == own and view.record != self.open
            for view in self._weeks.schedules
        )

    def _scheduled(self) -> Scheduled:
        return Scheduled(
            self.text("utility"), self.text("queue").strip(),
            [self.day(name) or "" for name in DAY_COLUMNS], self._streets(),
            self.text("district"), self.text("note").strip(), self._until() or 0,
        )  # fmt: skip


def day_typed(text: str) -> str | None:
    """A day as it is typed: as in a table, and hours without minutes too, as in `08-12, ?16-18:30`.

    Not in tables: there `8-12` may be what a spreadsheet has made of a date.
    """
    return day_of(_BARE_HOUR.sub(r"\1:00", text))
