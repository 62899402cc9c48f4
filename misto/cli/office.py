"""What the desk's reports have in common: the projection, days, languages, files."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.errors import Problem

if TYPE_CHECKING:
    from client.services.office.live import Live
    from client.services.replica import Replica

Language = Annotated[
    str, typer.Option("--language", help="uk or en; else the city's.", show_default=False)
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write it to a CSV file instead.")
]
Xlsx = Annotated[
    Path | None, typer.Option("--xlsx", metavar="FILE", help="Write it to an XLSX file instead.")
]
From = Annotated[str, typer.Option("--from", metavar="DAY", help="2026-11-01: the first day.")]
Until = Annotated[str, typer.Option("--until", metavar="DAY", help="The last day.")]


def live_of(replica: Replica, quiet: bool) -> Live:
    """The desk's cases, opened in memory; a progress line for people while that lasts.

    Raises:
        NotAllowed: this device is no desk.
    """
    from client.services.errors import NotAllowed
    from client.services.office.cases import Cases
    from client.services.office.clock import Clock
    from client.services.office.live import Live
    from client.services.office.workdays import load_workdays
    from misto.cli.moments import city_zone
    from misto.cli.output import progress

    if not any(role == "desk" for role, _ in replica.roles()):
        raise NotAllowed("desk")
    cases = Cases(replica)
    with progress(quiet) as show:
        cases.refresh(lambda done, of: show("opening", done, of))
    return Live(cases, cases.refresh, Clock(city_zone(), load_workdays()), replica.clock)


def language_of(typed: str) -> str:
    """The language that was asked for, or the city's.

    Raises:
        Problem: the printed words are not in it.
    """
    from client.branding import read_branding
    from client.i18n import DEFAULT, LANGUAGES

    if typed and typed not in LANGUAGES:
        raise Problem(f"--language is one of {', '.join(LANGUAGES)}; not {typed}")
    own = read_branding().language
    return typed or (own if own in LANGUAGES else DEFAULT)


def day_of(option: str, typed: str) -> date:
    """A day as it was typed.

    Raises:
        Problem: it is none.
    """
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Problem(f"{option} is a day as in 2026-11-24; not {typed!r}") from None


def write_file(file: Path, content: bytes, *, private: bool) -> None:
    """Put a file where the person wants it, whole or not at all, and say what it holds."""
    from client.keys.vault import write_durably

    write_durably(file, content, 0o600 if private else 0o644)
    note = ": it is not encrypted, whoever gets it can read it" if private else ""
    print(f"written: {file}{note}")
