"""All places as a table: found, confirmed as checked now, and one at a time in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import flet as ft

from client.services.guide_types import PlaceView
from client.viewmodels.base import PAGE, once, told
from client.viewmodels.newsroom.place_form import PlaceFormModel
from client.viewmodels.newsroom.sheets import NEW
from shared_schema.records.place import Condition, Confirmed

if TYPE_CHECKING:
    from client.viewmodels.app import App


class PlaceTableModel(ft.Observable):
    """The table, and the form of the place that is open."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.all: tuple[PlaceView, ...] = ()
        self.query = ""
        self.sort = ""
        self.stale_only = False
        self.form = PlaceFormModel(app, self.refresh)
        self._shown = PAGE

    @property
    def found(self) -> tuple[PlaceView, ...]:
        """Those that match the search and the filters, by name."""
        words, now = self.query.casefold().split(), self.app.exchange.now_ms
        return tuple(
            place
            for place in self.all
            if (not self.sort or self.sort in place.serves)
            and (not self.stale_only or place.stale(now))
            and all(word in _said(place) for word in words)
        )

    @property
    def page(self) -> tuple[PlaceView, ...]:
        """What of it is on the screen."""
        return self.found[: self._shown]

    @property
    def has_more(self) -> bool:
        """Whether there is more to show."""
        return len(self.found) > self._shown

    @property
    def sorts(self) -> tuple[str, ...]:
        """The sorts that there are."""
        return tuple(dict.fromkeys(sort for place in self.all for sort in place.serves))

    @property
    def stale_count(self) -> int:
        """How many places nobody vouches for any more."""
        return sum(place.stale(self.app.exchange.now_ms) for place in self.all)

    @told
    async def refresh(self) -> None:
        """Read the directory again."""
        self.all = await self.app.device.read(self.app.open_services.guide.places)

    def show(self, part: str) -> None:
        """Open the form of a place, or of a new one; back to the table where there is none such."""
        found = next((place for place in self.all if place.record == part), None)
        if found is None and part != NEW:
            self.form.close()
        else:
            self.form.show(found)

    def search(self, text: str) -> None:
        """Show what matches; an empty text shows all."""
        self._shown = PAGE
        self.query = text

    def only(self, sort: str) -> None:
        """Show one sort; again, or an empty one, shows all."""
        self._shown = PAGE
        self.sort = "" if sort == self.sort else sort

    def only_stale(self) -> None:
        """Show those whose confirmation is past its date, or all again."""
        self._shown = PAGE
        self.stale_only = not self.stale_only

    def more(self) -> None:
        """One page more."""
        self._shown += PAGE
        self.notify()  # type: ignore[no-untyped-call]

    @told
    @once
    async def confirm(self, place: PlaceView) -> None:
        """Somebody has just looked, and all is as it is said to be; good for as long as before."""
        guide, save = self.app.open_services.guide_desk, self.app.device.save
        await save(guide.confirm, place.record, as_now(place, self.app.exchange.now_ms))


def as_now(place: PlaceView, now_ms: int) -> Confirmed:
    """The confirmation of a place as it stands. Who looked is not known to the table."""
    lasts = place.expires_at_ms - place.confirmed_at_ms if place.expires_at_ms else 0
    condition: Condition = "open"
    if place.condition in ("closed", "empty"):
        condition = "closed" if place.condition == "closed" else "empty"
    until = now_ms + lasts if lasts > 0 else 0
    return Confirmed(condition, "", place.condition_note, until)


def _said(place: PlaceView) -> str:
    return f"{place.name} {place.address} {place.district} {place.phone}".casefold()
