"""What makes the app one city's own: name, colours, languages, servers, time zone (flet.toml).

The file lies beside the package, in a checkout and in a built app alike. Without it, or with a
broken one, the app still opens: it then wears the neutral look below.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FLET_TOML: Final = Path(__file__).resolve().parents[1] / "flet.toml"


@dataclass(frozen=True, slots=True)
class Branding:
    """The values the app reads; the rest of flet.toml is for building it."""

    name: str = "Misto"
    seed: str = "#0B6E6E"
    alert: str = "#B3261E"
    language: str = "uk"
    languages: tuple[str, ...] = ("uk", "en")
    time_zone: str = "Europe/Kyiv"
    organisation: str = ""
    """Whose app it is, as people know the council; empty where nobody has said so."""
    bundle_id: str = ""


def read_branding(path: Path = FLET_TOML) -> Branding:
    """The city's values, or the neutral ones for what is not there."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        tables = {}
    app, colours = _table(tables, "app"), _table(tables, "colours")
    languages, city = _table(tables, "languages"), _table(tables, "city")
    plain = Branding()
    return Branding(
        name=str(app.get("name", plain.name)),
        seed=str(colours.get("seed", plain.seed)),
        alert=str(colours.get("alert", plain.alert)),
        language=str(languages.get("default", plain.language)),
        languages=tuple(map(str, languages.get("available", plain.languages))),
        time_zone=str(city.get("time_zone", plain.time_zone)),
        organisation=str(app.get("organisation", plain.organisation)),
        bundle_id=str(app.get("bundle_id", plain.bundle_id)),
    )


def _table(tables: dict[str, Any], name: str) -> dict[str, Any]:
    table = tables.get(name)
    return table if isinstance(table, dict) else {}
