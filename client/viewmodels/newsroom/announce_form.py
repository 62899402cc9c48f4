"""An exception from the weekly schedules in a form: what, from when, until when, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.services.typed_times import typed_ms
from client.viewmodels.base import once, told
from client.viewmodels.newsroom.sheets import NEW, Sheets, check_texts
from client.viewmodels.write import Problem
from shared_schema.limits import OUTAGE_QUEUES_MAX
from shared_schema.records.outage import Announced

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.newsroom.weeks import WeeksModel


class AnnounceFormModel(Sheets):
    """The fields of a new exception; `utility` and `off` are chosen by taps."""

    def __init__(self, app: App, weeks: WeeksModel) -> None:
        super().__init__()
        self.app = app
        self._weeks = weeks

    def show(self) -> None:
        """Open the form."""
        self.begin(NEW, {"utility": "power", "off": "off"})

    @property
    def queues(self) -> tuple[str, ...]:
        """The queues that it is for, each once; none means everybody."""
        names = (name.strip() for name in self.text("queues").replace(";", ",").split(","))
        return tuple(dict.fromkeys(filter(None, names)))

    @property
    def unknown_queues(self) -> tuple[str, ...]:
        """Those that have no schedule: the exception would reach nobody."""
        utility = self.text("utility")
        known = {view.queue for view in self._weeks.schedules if view.utility == utility}
        return tuple(name for name in self.queues if name not in known)

    @told
    @once
    async def save(self) -> None:
        """Publish it."""
        problems = self._check()
        if not self.tell(problems):
            return
        announced = Announced(
            self.text("utility"), self._moment("from") or 0, self._moment("until") or 0,
            self.text("title").strip(), list(self.queues), self.text("district"),
            self.text("off") == "off",
        )  # fmt: skip
        await self.app.device.save(self.app.open_services.guide_desk.announce, announced)
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

    def _moment(self, field: str) -> int | None:
        """`from` may be empty: at once. An end without a day is the first after the beginning."""
        text, now = self.text(field).strip(), self.app.exchange.now_ms
        if not text:
            return now if field == "from" else None
        after = now if field == "from" else (self._moment("from") or now)
        return typed_ms(text, after, self.app.zone)

    def _check(self) -> dict[str, Problem]:
        problems = check_texts(self.text, ("title", "district"), "title")
        first, last = self._moment("from"), self._moment("until")
        if first is None:
            problems["from"] = ("check.moment", 0)
        if last is None:
            problems["until"] = ("check.moment", 0)
        elif first is not None and last <= first:
            problems["until"] = ("check.end_before", 0)
        elif last <= self.app.exchange.now_ms:
            problems["until"] = ("check.past", 0)
        if len(self.queues) > OUTAGE_QUEUES_MAX:
            problems["queues"] = ("check.many_lines", OUTAGE_QUEUES_MAX)
        elif self.unknown_queues:
            problems["queues"] = ("check.queue_unknown", 0)
        return problems
