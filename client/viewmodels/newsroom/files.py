"""Files of other systems: read and looked through before anything is said; and ours for them.

Reading publishes nothing. An alert or an item of a feed becomes a draft in the form; a table is
shown as what it would change, and is said when a person has accepted it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import flet as ft

from client.services.interchange.cap import CapDraft, read_cap
from client.services.interchange.columns import Language
from client.services.interchange.feeds import Feed, read_feed
from client.services.interchange.plan import Plan, place_wording, plan_places, plan_schedules
from client.services.interchange.problems import Problem, Unreadable
from client.services.interchange.recognise import Format, format_of
from client.services.interchange.tables import (
    read_places_csv,
    read_places_geojson,
    read_schedules_csv,
    write_places_csv,
    write_places_geojson,
    write_schedules_csv,
)
from client.services.types import NewsView
from client.viewmodels.base import once, told
from client.viewmodels.newsroom.sender import cap_file
from shared_schema.records.news import Published
from shared_schema.records.outage import Scheduled
from shared_schema.records.place import Listed

if TYPE_CHECKING:
    from client.viewmodels.app import App

Kept = tuple[str, bool]
"""The name of a file that was written, and whether it was put somewhere."""


class Opened(NamedTuple):
    """A file that was read: exactly one of the four holds what is in it."""

    format: Format
    cap: tuple[CapDraft, ...] = ()
    feed: Feed | None = None
    places: Plan[Listed] | None = None
    weeks: Plan[Scheduled] | None = None

    @property
    def plan(self) -> Plan[Any] | None:
        """What a table would change."""
        return self.places or self.weeks


class FilesModel(ft.Observable):
    """The file that is being looked through, and how the last act ended."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.opened: Opened | None = None
        self.problem: Problem | None = None
        """Why nothing of the file can be used."""
        self.accepted = -1
        """How many places or schedules the last table changed; -1 while there was none."""
        self.moved = False
        """The city has changed since the table was read: it is to be looked through again."""
        self.kept: Kept | None = None
        self._raw = b""

    @told
    @once
    async def pick(self) -> None:
        """Let the person choose a file, and read it."""
        raw = await self.app.phone.pick_file()
        if raw is None:
            return
        self.close()
        await self._look(raw)
        self.app.go("newsroom", "files")

    def close(self) -> None:
        """Put the file away; nothing of it was said."""
        self.opened, self.problem, self.kept = None, None, None
        self.accepted, self.moved, self._raw = -1, False, b""

    def take(self, wording: Published) -> None:
        """Make a draft of an alert or of an item of a feed; the file stays open."""
        self.app.newsroom.writing.take(wording)
        self.app.go("newsroom", "form")

    @told
    @once
    async def accept(self) -> None:
        """Say all that the table changes, if the city still is what it was compared with."""
        shown = self.opened
        if shown is None or shown.plan is None:
            return
        await self._look(self._raw)
        if (
            self.opened is None
            or self.opened.plan is None
            or self.opened.plan.steps != shown.plan.steps
        ):
            self.moved = True
            return
        guide, save = self.app.open_services.guide_desk, self.app.device.save
        if shown.places is not None:
            count = await save(guide.accept_places, shown.places)
        else:
            count = await save(guide.accept_schedules, shown.weeks)
        self.close()
        self.accepted = count
        await self.app.newsroom.refresh()

    @told
    @once
    async def save_places(self, geojson: bool) -> None:
        """All places as a table, or as GeoJSON."""
        views = await self.app.device.read(self.app.open_services.guide.places)
        wordings = [place_wording(view) for view in views]
        if geojson:
            raw = await self.app.device.read(write_places_geojson, wordings, self.app.zone)
        else:
            raw = await self.app.device.read(
                write_places_csv, wordings, self.app.zone, self._language
            )
        await self._keep("misto-places.geojson" if geojson else "misto-places.csv", raw)

    @told
    @once
    async def save_schedules(self) -> None:
        """All weekly schedules as a table."""
        views = await self.app.device.read(self.app.open_services.guide.schedules)
        weeks = [view.scheduled for view in views]
        raw = await self.app.device.read(write_schedules_csv, weeks, self.app.zone, self._language)
        await self._keep("misto-schedules.csv", raw)

    @told
    @once
    async def save_cap(self, item: NewsView) -> None:
        """One item as a CAP alert, for those who relay warnings."""
        app = self.app
        name, raw = cap_file(item, app.branding, app.open_services.city, app.zone)
        await self._keep(name, raw)

    @property
    def _language(self) -> Language:
        return cast(Language, self.app.language)

    async def _keep(self, name: str, raw: bytes) -> None:
        self.kept = (name, await self.app.phone.save_file(name, raw))

    async def _look(self, raw: bytes) -> None:
        self._raw, self.moved = raw, False
        try:
            self.opened, self.problem = await self.app.device.read(self._read, raw), None
        except Unreadable as error:
            self.opened, self.problem = None, error.problem

    def _read(self, raw: bytes) -> Opened:
        guide, zone = self.app.open_services.guide, self.app.zone
        form = format_of(raw)
        if form == "cap":
            return Opened(form, cap=tuple(read_cap(raw, self.app.open_services.city)))
        if form == "feed":
            return Opened(form, feed=read_feed(raw))
        if form == "schedules_csv":
            return Opened(
                form, weeks=plan_schedules(read_schedules_csv(raw, zone), guide.schedules())
            )
        read = read_places_csv if form == "places_csv" else read_places_geojson
        return Opened(form, places=plan_places(read(raw, zone), guide.places()))
