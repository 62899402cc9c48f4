"""How states and priorities look: always a word and a picture, the colour only helps."""

from __future__ import annotations

from typing import Final, NamedTuple

import flet as ft

from client.i18n import Words
from client.views.kit import chip


class Look(NamedTuple):
    """The picture and colours of a state."""

    icon: ft.IconData
    bgcolor: ft.ColorValue
    color: ft.ColorValue


_QUIET: Final = (ft.Colors.SURFACE_CONTAINER_HIGHEST, ft.Colors.ON_SURFACE_VARIANT)
_WAITS: Final = (ft.Colors.TERTIARY_CONTAINER, ft.Colors.ON_TERTIARY_CONTAINER)
_MOVES: Final = (ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER)
_DONE: Final = (ft.Colors.PRIMARY, ft.Colors.ON_PRIMARY)
_BAD: Final = (ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER)
LOOKS: Final = {
    "waiting": Look(ft.Icons.SMARTPHONE_OUTLINED, *_WAITS),
    "received": Look(ft.Icons.CLOUD_DONE_OUTLINED, *_MOVES),
    "refused": Look(ft.Icons.BLOCK, *_BAD),
    "held": Look(ft.Icons.ARCHIVE_OUTLINED, *_WAITS),
    "registered": Look(ft.Icons.ASSIGNMENT_TURNED_IN_OUTLINED, *_MOVES),
    "in_progress": Look(ft.Icons.PENDING_ACTIONS, *_MOVES),
    "answered": Look(ft.Icons.MARK_EMAIL_READ_OUTLINED, *_DONE),
    "returned": Look(ft.Icons.UNDO, *_QUIET),
    "closed": Look(ft.Icons.TASK_ALT, *_QUIET),
    "extended": Look(ft.Icons.MORE_TIME, *_MOVES),
    "forwarded": Look(ft.Icons.FORWARD_TO_INBOX, *_MOVES),
    "withdrawn": Look(ft.Icons.UNDO, *_QUIET),
}
CATEGORY_ICONS: Final = {
    "danger": ft.Icons.WARNING_AMBER_OUTLINED,
    "shelter": ft.Icons.SHIELD_OUTLINED,
    "damage": ft.Icons.BROKEN_IMAGE_OUTLINED,
    "aid": ft.Icons.VOLUNTEER_ACTIVISM_OUTLINED,
    "water": ft.Icons.WATER_DROP_OUTLINED,
    "power": ft.Icons.BOLT_OUTLINED,
    "heat": ft.Icons.THERMOSTAT_OUTLINED,
    "roads": ft.Icons.ADD_ROAD,
    "light": ft.Icons.LIGHTBULB_OUTLINE,
    "transport": ft.Icons.DIRECTIONS_BUS_OUTLINED,
    "waste": ft.Icons.DELETE_OUTLINE,
    "green": ft.Icons.PARK_OUTLINED,
    "health": ft.Icons.LOCAL_HOSPITAL_OUTLINED,
}


def state_chip(text: Words, state: str, *, for_desk: bool = False) -> ft.Control:
    """An appeal's state. What the city has only received is, to the desk, new."""
    look = LOOKS[state]
    new = for_desk and state == "received"
    return chip(
        text("desk.new" if new else f"state.{state}"),
        look.icon,
        bgcolor=look.bgcolor,
        color=look.color,
    )


def category_icon(category: str) -> ft.IconData:
    """The picture of a topic."""
    return CATEGORY_ICONS.get(category, ft.Icons.LABEL_OUTLINED)


def category_name(text: Words, category: str) -> str:
    """The name of a topic; one that this version does not know is shown as it came."""
    key = f"category.{category}"
    return text(key) if text.has(key) else category


def reason_text(text: Words, reason: str) -> str:
    """Why the city refused or holds something, in plain words."""
    key = f"reason.{reason}"
    return text(key) if text.has(key) else text("reason.other", code=reason)
