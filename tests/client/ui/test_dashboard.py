"""The board: the service's figures, drawn, told in words and shown as tables, of any period."""

from __future__ import annotations

import re
from datetime import date, timedelta

import flet as ft
import pytest

from client.i18n import words
from client.services.office.periods import (
    day_of,
    gathered,
    label_of,
    own_span,
    quarters,
    span_of,
)
from client.services.office.reports import report
from client.services.prefs import Preferences
from client.storage.errors import StorageFull
from client.viewmodels.reports.charts import Chart, charts_of, lasting, number
from tests.client.ui.fake import FakeDevice
from tests.client.ui.fake_reports import CLOCK, TODAY, cases
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import HOUR, NOW, schedule
from tests.client.ui.tree import controls_in

UK = words("uk")
MONTH = span_of("month", TODAY)


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice({("desk", "queue/general")})
    made.reports.figures.cases = cases()
    return made


def semantics(screen: Window, name: str) -> ft.Semantics:
    (found,) = [
        each
        for each in screen.controls()
        if isinstance(each, ft.Semantics) and each.identifier == name
    ]
    return found


def charts(device: FakeDevice, period: tuple[date, date] = MONTH) -> dict[str, Chart]:
    found = device.reports.figures.report(period)
    return {each.name: each for each in charts_of(found, UK, "power")}


@pytest.mark.anyio
async def test_the_board_says_the_service_s_figures(device: FakeDevice) -> None:
    expected = report(device.reports.figures.cases, NOW, CLOCK, MONTH)
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("figure-received"))
        for name in ("received", "open", "overdue"):
            label = semantics(screen, f"figure-{name}").label
            assert label == f"{UK(f'reports.{name}')}: {getattr(expected, name)}"
            assert screen.said(f"figure-{name}")[0] == str(getattr(expected, name))
        said = screen.said("figure-median_answer")[0]
        assert said == lasting(expected.appeals.answer.median_ms, UK)


@pytest.mark.anyio
async def test_every_chart_is_told_in_words_and_shown_as_a_table(device: FakeDevice) -> None:
    expected = charts(device)
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("chart-inflow"))
        for name, chart in expected.items():
            assert screen.has(f"chart-{name}")
            if chart.empty:
                continue
            picture = semantics(screen, f"picture-{name}")
            assert picture.label == chart.spoken
            assert picture.image
            assert all(figure in chart.spoken for row in chart.rows for figure in row)
            await screen.click(f"chart-switch-{name}")
            await screen.until(lambda name=name: screen.has(f"table-{name}"))
            table = controls_in(screen.named(f"table-{name}"))
            shown = [each.value for each in table if isinstance(each, ft.Text) and each.value]
            assert shown == [cell for row in (chart.header, *chart.rows) for cell in row if cell]
            assert not screen.has(f"picture-{name}")
            await screen.click(f"chart-switch-{name}")
            await screen.until(lambda name=name: screen.has(f"picture-{name}"))


@pytest.mark.anyio
async def test_series_differ_by_more_than_colour(device: FakeDevice) -> None:
    """Every legend has a name beside its shape, and shapes differ by their edge."""
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("picture-categories"))
        drawn = controls_in(screen.named("picture-categories"))
        boxes = [each for each in drawn if isinstance(each, ft.Container) and each.width == 16]
        looks = {(each.bgcolor, each.border is not None) for each in boxes}
        assert len(boxes) == len(looks) == 3
        assert any(isinstance(each, ft.Icon) for each in drawn), "what is late has its picture"


@pytest.mark.anyio
async def test_bars_are_as_long_as_their_values(device: FakeDevice) -> None:
    chart = charts(device)["inflow"]
    top = max(series.top for series in chart.series)
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("picture-inflow"))
        bars = [
            each.height
            for each in controls_in(screen.named("picture-inflow"))
            if isinstance(each, ft.Container) and each.height is not None and each.width is None
        ]
        values = [value for pair in zip(*(s.values for s in chart.series), strict=True)
                  for value in pair]  # fmt: skip
        assert bars == [max(2, round(150 * v / top)) if v else 0 for v in values]


@pytest.mark.anyio
async def test_another_period_is_one_tap(device: FakeDevice) -> None:
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("figure-received"))
        for period in ("quarter", "year", "month"):
            expected = report(device.reports.figures.cases, NOW, CLOCK, span_of(period, TODAY))  # type: ignore[arg-type]
            await screen.click(f"period-{period}")
            await screen.until(
                lambda n=expected.received: screen.said("figure-received")[0] == str(n)
            )


@pytest.mark.anyio
async def test_own_dates(device: FakeDevice) -> None:
    async with window(device, route="/reports") as screen:
        await screen.click("period-own")
        await screen.until(lambda: screen.has("period-start"))
        start = TODAY - timedelta(10)
        await screen.type("period-start", f"{start:%d.%m.%Y}")
        await screen.type("period-end", f"{TODAY:%d.%m.%Y}")
        await screen.click("period-show")
        span = f"{start:%d.%m.%Y} – {TODAY:%d.%m.%Y}"
        await screen.until(lambda: span in screen.texts())
        expected = report(device.reports.figures.cases, NOW, CLOCK, (start, TODAY))
        assert screen.said("figure-received")[0] == str(expected.received)
        await screen.type("period-start", "учора")
        await screen.click("period-show")
        await screen.until(lambda: "Напишіть два дні" in str(screen.field("period-start", "error")))
        assert span in screen.texts(), "what was shown stays"


@pytest.mark.anyio
async def test_the_board_follows_the_queue_while_one_looks(device: FakeDevice) -> None:
    async with window(device, route="/reports") as screen:
        await screen.until(lambda: screen.has("figure-received"))
        before = screen.said("figure-received")[0]
        device.reports.figures.cases = cases(20)
        device.exchanged(last_success_ms=NOW, waiting=0)
        await screen.until(lambda: screen.said("figure-received")[0] != before)


@pytest.mark.anyio
async def test_a_board_that_nobody_sees_is_not_reckoned(device: FakeDevice) -> None:
    async with window(device, route="/queue") as screen:
        device.exchanged(last_success_ms=NOW, waiting=0)
        await screen.settle()
        assert device.reports.figures.read == 0
        await screen.go("reports")
        await screen.until(lambda: screen.has("figure-received"))
        assert device.reports.figures.read == 1


@pytest.mark.anyio
async def test_outages_stand_beside_the_signals(device: FakeDevice) -> None:
    device.schedules = [schedule(week=["-" * 4 + "+" * 44] * 7),
                        schedule("s2", utility="water", week=["-" * 48] * 7)]  # fmt: skip
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("picture-load"))
        assert "Годин без: світло" in str(semantics(screen, "picture-load").label) or (
            "Годин без: електро" in str(semantics(screen, "picture-load").label)
        )
        await screen.select("board-utility", "water")
        await screen.until(
            lambda: "Годин без: вода" in str(semantics(screen, "picture-load").label)
        )
        assert " 24" in str(semantics(screen, "picture-load").label)


@pytest.mark.anyio
async def test_an_empty_queue_draws_nothing(device: FakeDevice) -> None:
    device.reports.figures.cases = []
    async with window(device, route="/reports") as screen:
        await screen.until(lambda: screen.has("chart-inflow"))
        assert "За цей період нічого немає." in screen.said("chart-inflow")
        assert screen.said("figure-in_time")[0] == "—"
        assert screen.said("figure-received")[0] == "0"


@pytest.mark.anyio
async def test_figures_that_cannot_be_read_are_told_of(device: FakeDevice) -> None:
    async with window(device, route="/queue") as screen:
        device.fail = StorageFull("disk")
        screen.app.go("reports")
        await screen.until(lambda: screen.has("notice"))
        assert screen.has("reports-page-board"), "the room stands"


@pytest.mark.anyio
async def test_at_twice_the_text_a_table_is_a_list(device: FakeDevice) -> None:
    device.prefs.kept = Preferences(text_percent=200)
    async with window(device, route="/reports", width=1280) as screen:
        await screen.until(lambda: screen.has("chart-categories"))
        await screen.click("chart-switch-categories")
        await screen.until(lambda: screen.has("table-categories-0"))
        chart = charts(device)["categories"]
        assert screen.said("table-categories-0")[0] == chart.rows[0][0]
        assert chart.header[1] in screen.said("table-categories-0")


@pytest.mark.anyio
async def test_a_resident_has_no_reports() -> None:
    async with window(FakeDevice(), route="/reports") as screen:
        assert screen.app.section == "home"
        assert not screen.has("reports-page-board")


def test_periods_end_today() -> None:
    day = date(2026, 11, 24)
    assert span_of("month", day) == (date(2026, 11, 1), day)
    assert span_of("quarter", day) == (date(2026, 10, 1), day)
    assert span_of("year", day) == (date(2026, 1, 1), day)
    assert span_of("own", day) == (date(2026, 10, 25), day)
    assert quarters(day)[:5] == ((2026, 4), (2026, 3), (2026, 2), (2026, 1), (2025, 4))


@pytest.mark.parametrize(
    ("text", "day"),
    [("24.11.2026", date(2026, 11, 24)), (" 1.2.26 ", date(2026, 2, 1)),
     ("2026-11-24", date(2026, 11, 24)), ("31.02.2026", None), ("завтра", None), ("", None)],
)  # fmt: skip
def test_days_as_people_write_them(text: str, day: date | None) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("start", "end"),
    [("24.11.2026", "23.11.2026"), ("", "24.11.2026"), ("24.11.1990", "24.11.2026"),
     ("24.11.2026", "24.11.2040")],
)  # fmt: skip
def test_days_that_are_no_period(start: str, end: str) -> None:
    assert own_span(start, end, date(2026, 11, 24)) is None


@pytest.mark.parametrize(
    ("days", "columns", "first", "last"),
    [(1, 1, "01.01", "01.01"), (31, 31, "01.01", "31.01"), (32, 5, "01.01–04.01", "26.01–01.02"),
     (184, 27, "01.01–04.01", "29.06–03.07"), (365, 12, "01.2026", "12.2026"),
     (1200, 4, "2026", "2029")],
)  # fmt: skip
def test_days_are_gathered_into_what_an_eye_can_follow(
    days: int, columns: int, first: str, last: str
) -> None:
    span = [date(2026, 1, 1) + timedelta(n) for n in range(days)]
    found = gathered(span)
    assert len(found) == columns
    assert (label_of(found[0], days), label_of(found[-1], days)) == (first, last)
    assert found[0][0] == span[0]
    assert found[-1][1] == span[-1]


def test_sums_of_columns_are_the_sums_of_days(device: FakeDevice) -> None:
    period = (TODAY - timedelta(364), TODAY)
    found = device.reports.figures.report(period)
    chart = charts_of(found, UK, "power")[0]
    assert sum(chart.series[0].values) == sum(each.appeals for each in found.inflow)
    assert sum(chart.series[1].values) == sum(each.signals for each in found.inflow)
    assert len(chart.labels) in (12, 13)


@pytest.mark.parametrize(
    ("ms", "said"),
    [(None, "—"), (0, "0 хв"), (59 * 60_000, "59 хв"), (3 * HOUR, "3 год"), (47 * HOUR, "47 год"),
     (48 * HOUR, "2 дн."), (30 * 24 * HOUR, "30 дн.")],
)  # fmt: skip
def test_how_long_something_took(ms: int | None, said: str) -> None:
    assert lasting(ms, UK) == said


def test_a_figure_is_written_as_the_language_does() -> None:
    assert (number(3.0, UK), number(3.25, UK), number(3.25, words("en"))) == ("3", "3,2", "3.2")
    assert not re.search(r"\d\.\d", number(0.5, UK))
