"""One place in a form: what and where it is, how it was found, and taking it out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, cast

from client.services.guide_types import PlaceView
from client.services.interchange.cells import degrees_e5, degrees_text
from client.services.typed_times import typed_ms, typed_text
from client.viewmodels.base import once, told
from client.viewmodels.newsroom.sheets import NEW, Sheets, check_texts
from client.viewmodels.write import Problem
from shared_schema.limits import PLACE_OFFERS_MAX
from shared_schema.records.place import Condition, Confirmed, Listed

if TYPE_CHECKING:
    from client.viewmodels.app import App

TEXTS: Final = ("name", "address", "district", "hours", "note", "phone", "by")
LAT_MAX, LON_MAX = 90 * 100_000, 180 * 100_000


class PlaceFormModel(Sheets):
    """The fields of the place that is open; `sort`, `offers` and `condition` are chosen by taps."""

    def __init__(self, app: App, refresh: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.app = app
        self.removing = False
        self.done = False
        self._refresh = refresh

    def show(self, place: PlaceView | None) -> None:
        """Open the form of a place, or of a new one."""
        self.begin(place.record if place else NEW, self._texts_of(place))
        self.removing = False

    @property
    def is_new(self) -> bool:
        """Whether the place is not in the directory yet."""
        return self.open == NEW

    @property
    def offers(self) -> tuple[str, ...]:
        """What else it serves as."""
        return tuple(filter(None, self.text("offers").split(" ")))

    def offer(self, sort: str) -> None:
        """Say that it serves as something else too, or that it does not."""
        kept = [each for each in self.offers if each != sort]
        if sort not in self.offers:
            kept.append(sort)
        self.put("offers", " ".join(kept[:PLACE_OFFERS_MAX]))

    @told
    @once
    async def save(self) -> None:
        """Say the whole place; the form is empty after the commit and not before."""
        if not self.tell(self._check()):
            return
        guide, save = self.app.open_services.guide_desk, self.app.device.save
        record = "" if self.is_new else self.open
        await save(guide.put_place, record, self._listed())
        await self._over()

    @told
    @once
    async def save_condition(self) -> None:
        """Say how it was found, without saying anything else of it."""
        if not self.tell(self._check_found()):
            return
        condition = cast(Condition, self.text("condition"))
        found = Confirmed(condition, self.text("found_by").strip(), self.text("found_note").strip(),
                          self._moment("found_until") or 0)  # fmt: skip
        save = self.app.device.save
        await save(self.app.open_services.guide_desk.confirm, self.open, found)
        await self._over()

    def ask_remove(self, wanted: bool) -> None:
        """Ask whether to take it out of the directory."""
        self.removing = wanted

    @told
    @once
    async def remove(self) -> None:
        """Take it out of the directory; why is told to those who had it."""
        save, note = self.app.device.save, self.text("remove_note").strip()
        await save(self.app.open_services.guide_desk.remove, self.open, note)
        await self._over()

    def close(self) -> None:
        """Back to the table; what was typed is still there when the form is opened again."""
        self.app.go("newsroom", "places")

    def discard(self) -> None:
        """Back to the table, and nothing of what was typed."""
        self.end()
        self.close()

    async def _over(self) -> None:
        self.end()
        self.removing = False
        await self._refresh()
        self.close()

    def _texts_of(self, place: PlaceView | None) -> dict[str, str]:
        if place is None:
            return {"sort": "shelter", "condition": "open"}
        zone = self.app.zone
        until = typed_text(place.expires_at_ms, zone)
        where = ", ".join(map(degrees_text, place.position)) if place.position else ""
        return {
            "name": place.name, "sort": place.sort, "address": place.address,
            "district": place.district, "where": where, "hours": place.hours,
            "note": place.note, "phone": place.phone, "by": place.confirmed_by, "until": until,
            "offers": " ".join(sort for sort in place.serves if sort != place.sort),
            "condition": place.condition, "found_note": place.condition_note, "found_by": "",
            "found_until": until,
        }  # fmt: skip

    def _check(self) -> dict[str, Problem]:
        problems = check_texts(self.text, TEXTS, "name")
        if self.text("where").strip() and self._position() is None:
            problems["where"] = ("check.position", 0)
        return problems | self._check_moment("until")

    def _check_found(self) -> dict[str, Problem]:
        problems = check_texts(self.text, ("found_note", "found_by"))
        return problems | self._check_moment("found_until")

    def _check_moment(self, field: str) -> dict[str, Problem]:
        return {} if self._moment(field) is not None else {field: ("check.moment", 0)}

    def _moment(self, field: str) -> int | None:
        text = self.text(field).strip()
        return typed_ms(text, self.app.exchange.now_ms, self.app.zone) if text else 0

    def _position(self) -> tuple[int, int] | None:
        """`50.45012, 30.52345`, as maps give it; also `50,45 30,52` with a space between."""
        text = self.text("where").strip()
        parts = text.split() if len(text.split()) == 2 else text.split(",")
        if len(parts) != 2:
            return None
        lat, lon = (degrees_e5(part.strip(" ,;")) for part in parts)
        if lat is None or lon is None or abs(lat) > LAT_MAX or abs(lon) > LON_MAX:
            return None
        return lat, lon

    def _listed(self) -> Listed:
        texts = {field: self.text(field).strip() for field in TEXTS}
        lat, lon = self._position() or (None, None)
        offers = [each for each in self.offers if each != self.text("sort")]
        return Listed(
            sort=self.text("sort"), lat_e5=lat, lon_e5=lon, offers=offers,
            expires_at_ms=self._moment("until") or 0, **texts,
        )  # fmt: skip
