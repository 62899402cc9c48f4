"""Places: the nearest ones of a sort, one in full, and telling the city that one is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

import flet as ft

from client.services.guide_types import Near, Origin, PlaceView
from client.services.nearby import locate, nearest
from client.viewmodels.base import PAGE, once, told
from shared_schema.records.appeal import Opened

if TYPE_CHECKING:
    from client.viewmodels.app import App

NEAREST: Final = 3
Report = Literal["", "closed", "empty", "sent"]
CATEGORY_OF: Final = {
    "shelter": "shelter", "resilience": "heat", "water": "water", "heat": "heat",
    "charging": "power", "pharmacy": "health", "medical": "health", "aid": "aid",
}  # fmt: skip
"""Under which category of appeals a report about a sort of place belongs."""


class PlacesModel(ft.Observable):
    """The directory as seen from somewhere: a typed address, a district, a coarse position."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.all: tuple[PlaceView, ...] = ()
        self.sorts: tuple[str, ...] = ()
        self.sort = ""
        self.address = ""
        self.unknown_address = False
        self.origin: Origin | None = None
        self.found: tuple[Near, ...] = ()
        self.open: PlaceView | None = None
        self.report: Report = ""
        self.locating = False
        self._here: Origin | None = None
        self._typed = False
        self._shown = PAGE

    @property
    def nearest(self) -> tuple[Near, ...]:
        """The three that a person should try first."""
        return self.found[:NEAREST]

    @property
    def others(self) -> tuple[Near, ...]:
        """The rest, page by page."""
        return self.found[NEAREST : self._shown]

    @property
    def has_more(self) -> bool:
        """Whether there is more to show."""
        return len(self.found) > self._shown

    def near(self, record: str) -> Near | None:
        """A place with its distance."""
        return next((near for near in self.found if near.place.record == record), None)

    @told
    async def refresh(self) -> None:
        """Read the directory again."""
        guide, read = self.app.open_services.guide, self.app.device.read
        self.all = await read(guide.places)
        self.sorts = tuple(dict.fromkeys(sort for place in self.all for sort in place.serves))
        if not self._typed:
            self.address = self.app.prefs.address
        await self._order()
        if self.open is not None:
            record = self.open.record
            self.open = next((each for each in self.all if each.record == record), self.open)

    @told
    async def only(self, sort: str) -> None:
        """Show places of one sort; an empty one shows all."""
        self.sort = sort
        self._shown = PAGE
        await self._order()

    @told
    async def from_address(self, text: str) -> None:
        """Count distances from a typed address."""
        self.address, self._here, self._typed = text, None, True
        await self._order()

    @told
    async def from_here(self) -> None:
        """Count distances from where the phone is, coarsely; it leaves the phone nowhere."""
        self.locating = True
        try:
            fix = await self.app.rough_position()
        finally:
            self.locating = False
        if fix is None:
            return
        self._here = Origin((fix.lat_e5, fix.lon_e5), "device", "")
        await self._order()

    @told
    async def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        self.notify()  # type: ignore[no-untyped-call]

    @told
    async def select(self, record: str) -> None:
        """Show one in full."""
        if self.open is None or self.open.record != record:
            self.report = ""
        self.open = await self.app.device.read(self.app.open_services.guide.place, record)

    def ask_report(self, condition: Report) -> None:
        """The first tap: what is wrong with the open place; an empty one takes it back."""
        self.report = condition

    @told
    @once
    async def send_report(self) -> None:
        """The second tap: a signal to the city, saved here and sent when there is a connection."""
        place, condition, text = self.open, self.report, self.app.words
        if place is None or condition not in ("closed", "empty"):
            return
        opened = Opened(
            lane="signal",
            kind="",
            title=text(f"places.report_{condition}_title", name=place.name)[:200],
            text=text(f"places.report_{condition}_text", name=place.name, address=place.address),
            category=CATEGORY_OF.get(place.sort, "other"),
            address=place.address,
            district=place.district,
            place=place.record,
        )
        await self.app.device.save(self.app.open_services.appeals.file, opened, "")
        self.report = "sent"

    async def _order(self) -> None:
        district = self.app.prefs.district
        asked = (self.sort, self.address, self._here)
        found, origin, unknown = await self.app.device.read(self._ordered, *asked, district)
        if asked == (self.sort, self.address, self._here):
            self.found, self.origin, self.unknown_address = tuple(found), origin, unknown

    def _ordered(
        self, sort: str, address: str, here: Origin | None, district: str
    ) -> tuple[list[Near], Origin | None, bool]:
        origin = here or locate(self.all, address, district)
        unknown = bool(address.strip()) and (origin is None or origin.how == "district")
        named = origin is not None and origin.name.casefold() == address.strip().casefold()
        now = datetime.fromtimestamp(self.app.exchange.now_ms / 1000, UTC)
        found = nearest(self.all, sort, origin, district, now.astimezone(self.app.zone))
        return found, origin, unknown and not named
