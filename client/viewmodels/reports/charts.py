"""Charts as values: what is drawn, and the same in words and as a table, for those who cannot see.

A chart carries its rows as texts once; the picture, its spoken label and its table are made from
the same figures, so that none can say what another does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, Literal, NamedTuple

from client.i18n import Words
from client.i18n.dates import HOUR_MS, MINUTE_MS
from client.services.office.figures import DAY_MS, Duration
from client.services.office.periods import Span, gathered, label_of
from client.services.office.reports import DayFlow, DayLoad, Group, Report, Times

Look = Literal["full", "hollow", "alarm"]
"""How a series is drawn: each differs by shape and edge, not by colour alone."""
Form = Literal["columns", "panels", "bars"]
"""Columns side by side; panels one above the other, each with its scale; bars with their names."""
GROUPS_SHOWN: Final = 8
"""The largest ones are drawn; the table has all."""
_DAYS_FROM_MS: Final = 2 * DAY_MS


class Series(NamedTuple):
    """One sort of figures in a chart."""

    name: str
    values: tuple[float, ...]
    texts: tuple[str, ...]
    look: Look = "full"

    @property
    def top(self) -> float:
        """The largest value."""
        return max(self.values, default=0)


class Chart(NamedTuple):
    """A chart, its table and its words."""

    name: str
    title: str
    form: Form
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    @property
    def spoken(self) -> str:
        """All of it in words."""
        said = (_row_said(self.header, row) for row in self.rows)
        return ". ".join(filter(None, (self.title, self.note, *said)))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return all(series.top == 0 for series in self.series)


def charts_of(report: Report, text: Words, utility: str) -> tuple[Chart, ...]:
    """The charts of a report, the most asked for first."""
    return (
        _inflow(report.inflow, text),
        _ages(report, text),
        _times((("appeals", report.appeals), ("signals", report.signals)), text),
        _load(report.load, text, utility),
        _groups("categories", report.categories, text),
        _groups("districts", report.districts, text),
    )


def lasting(ms: int | None, text: Words) -> str:
    """How long something took, in the largest unit that tells enough."""
    if ms is None:
        return "—"
    if ms < HOUR_MS:
        return text("reports.minutes", n=round(ms / MINUTE_MS))
    if ms < _DAYS_FROM_MS:
        return text("reports.hours", n=round(ms / HOUR_MS))
    return text("reports.days", n=round(ms / DAY_MS))


def number(value: float, text: Words) -> str:
    """A figure: whole, or with one decimal as the language writes it."""
    if value == int(value):
        return str(int(value))
    return f"{value:.1f}".replace(".", text("reports.decimal"))


def share(value: float | None, text: Words) -> str:
    """A share in per cent; a dash of nothing."""
    return "—" if value is None else f"{number(value, text)} %"


def _inflow(days: Sequence[DayFlow], text: Words) -> Chart:
    spans = gathered([each.day for each in days])
    appeals = _summed(spans, ((each.day.toordinal(), each.appeals) for each in days))
    signals = _summed(spans, ((each.day.toordinal(), each.signals) for each in days))
    series = (
        _plain(text("reports.appeals"), appeals, text),
        _plain(text("reports.signals"), signals, text, "hollow"),
    )
    labels = tuple(label_of(span, len(days)) for span in spans)
    return _chart("inflow", text, "columns", labels, series, text("reports.period"))


def _ages(report: Report, text: Words) -> Chart:
    labels = tuple(
        text("reports.age", start=each.from_days, end=each.to_days)
        if each.to_days is not None
        else text("reports.age_over", start=each.from_days)
        for each in report.ages
    )
    series = (
        _plain(text("reports.appeals"), [each.appeals for each in report.ages], text),
        _plain(text("reports.signals"), [each.signals for each in report.ages], text, "hollow"),
    )
    return _chart("ages", text, "columns", labels, series, text("reports.age_column"))


def _times(lanes: Iterable[tuple[str, Times]], text: Words) -> Chart:
    """Median and 90th percentile, to the journal and to the answer, by lane."""
    found: list[tuple[str, Duration]] = []
    for lane, times in lanes:
        name = text(f"reports.{lane}")
        found.append((f"{name}: {text('reports.to_registration')}", times.registration))
        found.append((f"{name}: {text('reports.to_answer')}", times.answer))
    series = (
        _lasted(text("reports.median"), [each.median_ms for _, each in found], text),
        _lasted(text("reports.ninety"), [each.p90_ms for _, each in found], text, "hollow"),
    )
    labels = tuple(name for name, _ in found)
    chart = _chart("times", text, "bars", labels, series, text("reports.what"))
    counts = [text("reports.count"), *(str(each.count) for _, each in found)]
    table = (chart.header, *chart.rows)
    header, *rows = [(*row, count) for row, count in zip(table, counts, strict=True)]
    return chart._replace(header=header, rows=tuple(rows))


def _load(days: Sequence[DayLoad], text: Words, utility: str) -> Chart:
    spans = gathered([each.day for each in days])
    signals = _summed(spans, ((each.day.toordinal(), each.signals) for each in days))
    hours = _summed(spans, ((each.day.toordinal(), each.outage_hours) for each in days))
    series = (
        _plain(text("reports.signals"), signals, text, "hollow"),
        _plain(text("reports.outage_hours", what=_utility(utility, text)), hours, text),
    )
    labels = tuple(label_of(span, len(days)) for span in spans)
    chart = _chart("load", text, "panels", labels, series, text("reports.period"))
    return chart._replace(note=text("reports.load_note"))


def _groups(name: str, groups: Sequence[Group], text: Words) -> Chart:
    shown = groups[:GROUPS_SHOWN]
    series = (
        _plain(text("reports.received"), [each.received for each in shown], text),
        _plain(text("reports.open"), [each.open for each in shown], text, "hollow"),
        _plain(text("reports.overdue"), [each.overdue for each in shown], text, "alarm"),
    )
    chart = _chart(name, text, "bars", [_name(each, text) for each in shown], series, "")
    header = ("what", "received", "open", "overdue", "answered", "in_time", "median")
    more = len(groups) - len(shown)
    return chart._replace(
        header=tuple(text(f"reports.{key}") for key in header),
        rows=tuple(_group_row(each, text) for each in groups),
        note=text("reports.more_in_table", n=more) if more else "",
    )


def _group_row(group: Group, text: Words) -> tuple[str, ...]:
    return (
        _name(group, text), str(group.received), str(group.open), str(group.overdue),
        str(group.answered), share(group.in_time_percent, text),
        lasting(group.answer.median_ms, text),
    )  # fmt: skip


def _name(group: Group, text: Words) -> str:
    key = f"category.{group.name}"
    return text(key) if text.has(key) else group.name or text("reports.none_given")


def _utility(utility: str, text: Words) -> str:
    key = f"utility.{utility}"
    return (text(key) if text.has(key) else utility).lower()


def _chart(
    name: str,
    text: Words,
    form: Form,
    labels: Sequence[str],
    series: tuple[Series, ...],
    first: str,
) -> Chart:
    header = (first, *(each.name for each in series))
    rows = tuple(zip(labels, *(each.texts for each in series), strict=True))
    return Chart(name, text(f"reports.chart_{name}"), form, tuple(labels), series, header, rows)


def _plain(name: str, values: Sequence[float], text: Words, look: Look = "full") -> Series:
    return Series(name, tuple(values), tuple(number(value, text) for value in values), look)


def _lasted(name: str, values: Sequence[int | None], text: Words, look: Look = "full") -> Series:
    hours = tuple((value or 0) / HOUR_MS for value in values)
    return Series(name, hours, tuple(lasting(value, text) for value in values), look)


def _summed(spans: Sequence[Span], values: Iterable[tuple[int, float]]) -> list[float]:
    """Values by day, summed by span; both are in order."""
    sums, at = [0.0] * len(spans), 0
    for day, value in values:
        while day > spans[at][1].toordinal():
            at += 1
        sums[at] += value
    return sums


def _row_said(header: Sequence[str], row: Sequence[str]) -> str:
    facts = (f"{name} {value}" for name, value in zip(header[1:], row[1:], strict=True))
    return f"{row[0]}: {', '.join(facts)}"
