"""Walking the controls that a window shows."""

from __future__ import annotations

import dataclasses
from typing import Any

from flet.controls.base_control import BaseControl

_SKIPPED = ("args", "kwargs", "fn", "data")
_SAYING = ("value", "label", "hint_text", "helper", "error", "text", "content")


def controls_in(root: Any) -> list[BaseControl]:
    """Every control in a tree, in the order in which it is drawn."""
    return [control for control, _ in placed(root)]


def placed(root: Any) -> list[tuple[BaseControl, tuple[BaseControl, ...]]]:
    """Every control in a tree with what is around it, the outermost first."""
    found: list[tuple[BaseControl, tuple[BaseControl, ...]]] = []
    seen: set[int] = set()

    def walk(node: Any, around: tuple[BaseControl, ...]) -> None:
        if isinstance(node, list | tuple):
            for child in node:
                walk(child, around)
        elif isinstance(node, BaseControl) and id(node) not in seen:
            seen.add(id(node))
            found.append((node, around))
            for field in dataclasses.fields(node):
                if field.name not in _SKIPPED and not field.name.startswith("_parent"):
                    walk(getattr(node, field.name, None), (*around, node))

    walk(root, ())
    return found


def texts_in(root: Any) -> list[str]:
    """Every text in a tree: texts, labels, hints, buttons."""
    words: list[str] = []
    for control in controls_in(root):
        for name in _SAYING:
            value = getattr(control, name, None)
            if isinstance(value, str) and value:
                words.append(value)
    return words


def role_sizes(theme: Any) -> dict[str, float]:
    """The size of every text role of a theme."""
    styles = {each.name: getattr(theme.text_theme, each.name) for each in
              dataclasses.fields(theme.text_theme)}  # fmt: skip
    return {name: style.size for name, style in styles.items() if style is not None}
