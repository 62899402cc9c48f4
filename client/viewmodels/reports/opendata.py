"""Open data: what the desk publishes by Open311, as files and by an endpoint of this machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

import flet as ft
from msgspec.structs import replace

from client.services.office.endpoint import HOST, LOCAL, PORT, CannotServe
from client.services.office.open311_formats import Format
from client.services.office.publishing import Publication
from client.viewmodels.base import Typed, log, once, told
from shared_schema.records.appeal import CATEGORIES, LANES

if TYPE_CHECKING:
    from client.viewmodels.app import App

Problem = Literal["", "address", "port", "taken"]
PORT_MIN: Final = 1024
PORT_MAX: Final = 65_535


class OpenDataModel(ft.Observable):
    """The choice, how much is public by it, and the switch."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.choice = Publication()
        self.count: int | None = None
        """How many requests are public now; None until it was counted."""
        self.address = ""
        """Where the endpoint answers; empty while it is off."""
        self.host, self.port = Typed(HOST), Typed(str(PORT))
        self.problem: Problem = ""

    @property
    def local(self) -> bool:
        """Whether the endpoint, as it runs, can be reached from this machine alone."""
        return any(f"//{host}:" in self.address for host in LOCAL)

    @told
    async def refresh(self) -> None:
        """Read the choice, count what follows from it, and look at the switch."""
        reports, read = self.app.open_services.reports, self.app.device.read
        self.choice = await read(reports.publishing.choice)
        self.address = reports.endpoint.address
        snapshot = await read(reports.publishing.snapshot)
        self.count = len(snapshot.requests)

    async def toggle_lane(self, lane: str) -> None:
        """Publish appeals, or signals, or no more."""
        await self._choose(replace(self.choice, lanes=_toggled(self.choice.lanes, lane, LANES)))

    async def toggle_category(self, category: str) -> None:
        """Publish a topic, or no more."""
        chosen = _toggled(self.choice.categories, category, CATEGORIES)
        await self._choose(replace(self.choice, categories=chosen))

    async def set_seen_only(self, seen_only: bool) -> None:
        """Only what an officer has looked at, or all."""
        await self._choose(replace(self.choice, seen_only=seen_only))

    async def set_position(self, with_position: bool) -> None:
        """About where, or nothing of where."""
        await self._choose(replace(self.choice, with_position=with_position))

    def file(self, name: str, form: Format) -> Callable[[], bytes]:
        """What makes a file: of the `requests`, or of the `services`."""
        publishing = self.app.open_services.reports.publishing
        return lambda: publishing.files(form)[f"{name}.{form}"]

    @told
    @once
    async def start(self) -> None:
        """Turn the endpoint on at the address that was typed."""
        host, port = self.host.text.strip(), self.port.text.strip()
        self.problem = _wrong(host, port)
        if self.problem:
            return
        try:
            endpoint = self.app.open_services.reports.endpoint
            self.address = await self.app.device.read(endpoint.start, host, int(port))
        except CannotServe:
            log.info("the endpoint cannot be served at %s:%s", host, port, exc_info=True)
            self.address, self.problem = "", "taken"

    @told
    async def stop(self) -> None:
        """Turn it off."""
        await self.app.device.read(self.app.open_services.reports.endpoint.stop)
        self.address = ""

    @told
    async def _choose(self, publication: Publication) -> None:
        publishing = self.app.open_services.reports.publishing
        await self.app.device.note(publishing.choose, publication)
        await self.refresh()


def _toggled(chosen: tuple[str, ...], one: str, order: tuple[str, ...]) -> tuple[str, ...]:
    wanted = set(chosen) ^ {one}
    return tuple(each for each in order if each in wanted)


def _wrong(host: str, port: str) -> Problem:
    if not host or any(letter.isspace() or letter in "/:" for letter in host):
        return "address"
    good = port.isascii() and port.isdigit() and PORT_MIN <= int(port) <= PORT_MAX
    return "" if good else "port"
