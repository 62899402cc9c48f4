"""What the view models need from below, so that tests can put hard-to-reach states in its place.

The real ones are `client.services` and `client.scheduler`; `client.main` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from client.services.types import AppealView, NewsView, SyncState

OnState = Callable[[SyncState], None]


class NewsPort(Protocol):
    """Reading news: `client.services.news.News`."""

    def search(self, text: str, limit: int = 50) -> list[NewsView]: ...
    def get(self, record: str) -> NewsView: ...
    def list(
        self, limit: int = 50, offset: int = 0, district: str | None = None
    ) -> list[NewsView]: ...


class NewsroomPort(Protocol):
    """Writing news: `client.services.news.Newsroom`."""

    def publish(self, published: Any) -> NewsView: ...
    def correct(self, record: str, corrected: Any) -> NewsView: ...
    def withdraw(self, record: str, note: str) -> NewsView: ...


class AppealsPort(Protocol):
    """A resident's own appeals: `client.services.appeals.Appeals`."""

    def file(self, opened: Any) -> AppealView: ...
    def comment(self, record: str, text: str) -> AppealView: ...
    def withdraw(self, record: str, note: str) -> AppealView: ...
    def list(self) -> list[AppealView]: ...
    def get(self, record: str) -> AppealView: ...


class DeskPort(Protocol):
    """The desk's queue: `client.services.desk.Desk`."""

    def queue(self, limit: int = 50, offset: int = 0) -> list[AppealView]: ...
    def get(self, record: str) -> AppealView: ...
    def register(self, record: str) -> AppealView: ...
    def set_status(self, record: str, status: Any, note: str) -> AppealView: ...
    def reply(self, record: str, text: str) -> AppealView: ...


class SchedulerPort(Protocol):
    """When to exchange: `client.scheduler.ExchangeScheduler`."""

    def start(self) -> None: ...
    def saved(self) -> None: ...
    def resume(self) -> None: ...
    async def stop(self) -> None: ...


@dataclass(frozen=True)
class Services:
    """An open device: what it may do and with what."""

    city: str
    districts: tuple[str, ...]
    roles: Callable[[], set[tuple[str, str]]]
    news: NewsPort
    newsroom: NewsroomPort
    appeals: AppealsPort
    desk: DeskPort
    scheduler: Callable[[OnState], SchedulerPort]
    sync_state: Callable[[], SyncState]
    close: Callable[[], None]
