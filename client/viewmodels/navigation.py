"""The rooms of the app: which stand in the bar, which behind it, and what an address means."""

from __future__ import annotations

from typing import Final

RESIDENT: Final = ("home", "news", "write", "appeals", "places")
BEHIND: Final = ("outages", "outbox", "beside", "settings", "collect", "claim", "round")
"""Rooms that are reached from others; on a wide window from the rail too."""
STAFF_BEHIND: Final = ("places", "outages", "settings")
DESK_BEHIND: Final = ("volunteers",)


def bar_of(roles: set[str]) -> tuple[str, ...]:
    """The rooms in the bar of a device with these roles, the first one shown first."""
    own: tuple[str, ...] = ()
    if "desk" in roles:
        own += ("queue", "reports")
    if "newsroom" in roles:
        own += ("newsroom",)
    return (*own, "news") if own else RESIDENT


def behind_of(roles: set[str]) -> tuple[str, ...]:
    """The rooms behind the bar."""
    if not roles & {"desk", "newsroom"}:
        return BEHIND
    return (*STAFF_BEHIND, *(DESK_BEHIND if "desk" in roles else ()))


def address(section: str, record: str = "") -> str:
    """The address of a room, or of a record in it."""
    return f"/{section}/{record}" if record else f"/{section}"


def parsed(route: str) -> tuple[str, str]:
    """The room and record of an address; empty for what it does not name."""
    section, _, record = route.strip("/").partition("/")
    return section, record
