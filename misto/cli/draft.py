"""An appeal from what was typed, checked field by field so that the error names the field."""

from __future__ import annotations

from misto.cli.errors import Problem
from misto.cli.texts import short
from shared_schema.records.appeal import APPEAL_KINDS, CATEGORIES, LANES, AppealKind, Lane, Opened


def draft_of(title: str, text: str, fields: dict[str, str]) -> Opened:
    """The appeal to file.

    Raises:
        Problem: a field is unknown, too long, or missing where the law wants it.
    """
    checked = {name: short(f"--{name}", value) for name, value in fields.items()}
    _one_of("--lane", checked["lane"], LANES)
    if checked["kind"]:
        _one_of("--kind", checked["kind"], APPEAL_KINDS)
    if checked["category"]:
        _one_of("--category", checked["category"], CATEGORIES)
    lane: Lane = checked.pop("lane")  # type: ignore[assignment]
    kind: AppealKind = checked.pop("kind")  # type: ignore[assignment]
    return Opened(lane, kind, title, text, **checked)  # type: ignore[arg-type]


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise Problem(f"{option} is one of {', '.join(allowed)}; not {value!r}")
