"""`misto desk report`, `misto desk journal`: the desk's figures and papers."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.errors import Problem
from misto.cli.office import Csv, From, Language, Until, Xlsx
from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.office.quarterly import Quarter
    from client.services.office.reporting import Reporting
    from client.services.office.reports import Report
    from client.services.office.tables import Table

PERIODS = ("month", "quarter", "year")


def report(
    profile: Profile,
    period: Annotated[
        str, typer.Option("--period", help="This month, quarter or year, up to today.")
    ] = "month",
    from_: From = "",
    until: Until = "",
    utility: Annotated[str, typer.Option(help="Whose outages stand beside signals.")] = "power",
    queue: Annotated[str, typer.Option(help="Only this queue.")] = "",
    quarter: Annotated[
        str, typer.Option("--quarter", metavar="2026-4", help="The quarterly report instead.")
    ] = "",
    csv: Csv = None,
    xlsx: Xlsx = None,
    language: Language = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Show the desk's figures, or print the quarterly report as it is customary.

    JSON: from, until, made_at_ms, received, open, overdue, done, in_time, in_time_percent; appeals
    and signals {registration, answer: {count, median_ms, p90_ms}}; inflow [{day, appeals,
    signals}], ages [{from_days, to_days, appeals, signals}], categories and districts [{name,
    received, open, overdue, answered, in_time_percent, answer}], load [{day, signals,
    outage_hours}]. With --quarter: title, header, rows.
    """
    from misto.cli.outage_entry import utility_of

    if not quarter and (csv or xlsx):
        raise Problem("--csv and --xlsx are for the quarterly report: name it with --quarter")
    wanted = quarter_of(quarter) if quarter else None
    utility = utility_of(utility)
    with _reporting(profile, pin_file, as_json) as reporting:
        if wanted is not None:
            table = reporting.quarterly(wanted, _language(language))
            _print_table(reporting, table, (csv, xlsx), as_json, private=False)
            return
        span = _span(reporting, period, from_, until)
        found = reporting.report(span, utility, [queue] if queue else [])
    _print_report(found, span, as_json)


def journal(
    profile: Profile,
    csv: Csv = None,
    xlsx: Xlsx = None,
    language: Language = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Print the journal of appeals. It names people: what is written to a file is not encrypted.

    JSON: title, header, rows.
    """
    with _reporting(profile, pin_file, as_json) as reporting:
        table = reporting.journal(_language(language))
        _print_table(reporting, table, (csv, xlsx), as_json, private=True)


def quarter_of(typed: str) -> Quarter:
    """`2026-4` is the fourth quarter of 2026.

    Raises:
        Problem: it is no quarter.
    """
    from client.services.office.quarterly import Quarter

    match = re.fullmatch(r"(\d{4})-?[qQ]?([1-4])", typed.strip(), re.ASCII)
    if match is None or not 1900 <= int(match[1]) < 9999:
        raise Problem(f"--quarter is written as 2026-4; not {typed!r}")
    return Quarter(int(match[1]), int(match[2]))


def _reporting(profile: Path, pin_file: Path | None, quiet: bool) -> _Open:
    return _Open(profile, pin_file, quiet)


class _Open:
    """The reports of a profile, for as long as it is open."""

    def __init__(self, profile: Path, pin_file: Path | None, quiet: bool) -> None:
        from misto.cli.profile import open_profile

        self._replica = open_profile(profile, pin_file)
        self._quiet = quiet

    def __enter__(self) -> Reporting:
        from client.services.guide import Guide
        from client.services.office.reporting import Reporting
        from misto.cli.office import live_of

        try:
            return Reporting(live_of(self._replica, self._quiet), Guide(self._replica))
        except BaseException:
            self._replica.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._replica.close()


def _language(typed: str) -> str:
    from misto.cli.office import language_of

    return language_of(typed)


def _span(reporting: Reporting, period: str, from_: str, until: str) -> tuple[date, date]:
    from client.services.office.periods import span_of
    from client.services.office.reports import DAYS_MAX
    from misto.cli.office import day_of

    if not from_ and not until:
        if period not in PERIODS:
            raise Problem(f"--period is one of {', '.join(PERIODS)}; not {period}")
        return span_of(period, reporting.today())  # type: ignore[arg-type]
    if not from_:
        raise Problem("--until needs --from")
    first = day_of("--from", from_)
    last = day_of("--until", until) if until else reporting.today()
    if not 0 <= (last - first).days < DAYS_MAX:
        raise Problem(f"{first} to {last} is no period of at most ten years")
    return first, last


def _print_report(found: Report, span: tuple[date, date], as_json: bool) -> None:
    from misto.cli import report_shapes as shapes
    from misto.cli.output import print_facts, print_json, print_table

    if as_json:
        print_json(shapes.report_json(found, span))
        return
    print_facts(shapes.report_facts(found, span))
    for groups in (found.categories, found.districts):
        print_table(shapes.GROUP_COLUMNS, map(shapes.group_row, groups), "")


def _print_table(
    reporting: Reporting,
    table: Table,
    files: tuple[Path | None, Path | None],
    as_json: bool,
    *,
    private: bool,
) -> None:
    from misto.cli import report_shapes as shapes
    from misto.cli.office import write_file
    from misto.cli.output import print_json, print_table

    csv, xlsx = files
    if xlsx is not None:
        write_file(xlsx, reporting.xlsx(table), private=private)
    if csv is not None:
        write_file(csv, reporting.csv(table), private=private)
    if csv or xlsx:
        return
    if as_json:
        print_json(shapes.table_json(table))
    else:
        print(table.title)
        print_table(table.header, shapes.table_rows(table), "Nothing in it.")
