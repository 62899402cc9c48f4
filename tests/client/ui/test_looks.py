"""Looks: every text grows with the person's choice, and can be read in the sun."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path
from typing import Any

import flet as ft
import pytest

from client.branding import Branding, read_branding
from client.i18n import words
from client.views.kit import chip
from client.views.states import LOOKS, state_chip
from client.views.theme import theme
from tests.client.ui.tree import controls_in, role_sizes, texts_in

VIEWS = Path(__file__).resolve().parents[3] / "client" / "views"


def calls(name: str) -> list[tuple[str, ast.Call]]:
    """All calls of `ft.<name>` in the views."""
    return [
        (path.name, node)
        for path in sorted(VIEWS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "ft"
    ]


@pytest.mark.parametrize("kind", ["Text", "TextStyle", "TextSpan"])
def test_no_text_has_a_size_of_its_own(kind: str) -> None:
    """Only sizes of the theme's roles grow with the person's choice."""
    sized = [
        (file, node.lineno)
        for file, node in calls(kind)
        if file != "theme.py" and any(keyword.arg == "size" for keyword in node.keywords)
    ]
    assert calls("Text")
    assert sized == []


@pytest.mark.parametrize("field", ["TextField", "DropdownM2"])
def test_no_field_has_a_text_size_or_a_height_of_its_own(field: str) -> None:
    fixed = {"text_size", "height"}
    found = [(file, k.arg) for file, node in calls(field) for k in node.keywords if k.arg in fixed]
    assert calls(field)
    assert found == []


def test_every_text_role_is_large_enough_to_read() -> None:
    sizes = role_sizes(theme(Branding()))
    assert len(sizes) > 8
    assert min(sizes.values()) >= 12


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("state", LOOKS)
def test_a_state_has_a_word_and_a_picture(state: str, language: str) -> None:
    made = state_chip(words(language), state)
    assert texts_in(made) == [words(language)(f"state.{state}")]
    assert [each for each in controls_in(made) if isinstance(each, ft.Icon) and each.icon]


def test_a_chip_is_read_as_its_words() -> None:
    made = chip("Зачинено", ft.Icons.BLOCK, bgcolor="#000000", color="#FFFFFF")
    assert texts_in(made) == ["Зачинено"]


@pytest.mark.parametrize("dark", [False, True])
def test_high_contrast_is_seven_to_one_everywhere(dark: bool) -> None:
    scheme: Any = theme(Branding(), contrast=True, dark=dark).color_scheme
    names = [each.name for each in dataclasses.fields(scheme)]
    pairs = [name for name in names if name.startswith("on_") and getattr(scheme, name)]
    assert len(pairs) > 6
    for name in pairs:
        ground = getattr(scheme, name.removeprefix("on_").removesuffix("_variant"))
        assert contrast(getattr(scheme, name), ground) >= 7, name
    for ground in ("surface_container", "surface_container_highest", "surface_container_lowest"):
        assert contrast(scheme.on_surface_variant, getattr(scheme, ground)) >= 7, ground


@pytest.mark.parametrize("branding", [Branding(), read_branding()])
def test_an_alert_can_be_read_in_the_sun(branding: Branding) -> None:
    assert contrast("#FFFFFF", branding.alert) >= 4.5


def contrast(ink: str, ground: str) -> float:
    """The ratio of WCAG 2.2."""
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    match = re.fullmatch(r"#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", color)
    assert match, color
    parts = [int(part, 16) / 255 for part in match.groups()]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
