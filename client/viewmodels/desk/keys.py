"""The desk's keys: which of them is which command, on a Latin and on a Ukrainian layout."""

from __future__ import annotations

from typing import Final, Literal

Command = Literal["next", "previous", "open", "back", "assign", "reply", "mark", "search", "help"]
COMMANDS: Final[tuple[Command, ...]] = Command.__args__  # type: ignore[attr-defined]
SHOWN: Final[dict[Command, str]] = {
    "next": "J",
    "previous": "K",
    "open": "Enter, O",
    "back": "Esc",
    "assign": "A",
    "reply": "R",
    "mark": "X",
    "search": "/",
    "help": "?",
}
"""How the keys are written for a person."""
_KEYS: Final[dict[str, Command]] = {
    "J": "next", "О": "next", "Arrow Down": "next",
    "K": "previous", "Л": "previous", "Arrow Up": "previous",
    "Enter": "open", "Numpad Enter": "open", "O": "open", "Щ": "open",
    "Escape": "back",
    "A": "assign", "Ф": "assign",
    "R": "reply", "К": "reply",
    "X": "mark", "Ч": "mark",
    "/": "search", ".": "search",
    "?": "help",
}  # fmt: skip
"""A system tells the letter of its layout or that of the key; the keys are the same."""
_WITH_SHIFT: Final[dict[str, Command]] = {"/": "help", ",": "help", ".": "help"}


def command_of(key: str, *, shift: bool = False) -> Command | None:
    """The command of a key by its label; None when it has none."""
    if shift and key in _WITH_SHIFT:
        return _WITH_SHIFT[key]
    return _KEYS.get(key)
