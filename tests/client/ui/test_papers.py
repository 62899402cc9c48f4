"""The papers and open data: previews, files with the plain truth before them, and the switch."""

from __future__ import annotations

import pytest

from client.services.office.publishing import TELLING, Publication
from client.storage.errors import StorageFull
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.fake_reports import TODAY, cases
from tests.client.ui.headless import window

pytestmark = pytest.mark.anyio
NUMBER = (TODAY.month - 1) // 3 + 1


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice({("desk", "queue/general")})
    made.reports.figures.cases = cases()
    return made


async def test_the_quarterly_report_is_shown_as_it_is_printed(device: FakeDevice) -> None:
    async with window(device, route="/reports/quarter", width=1280) as screen:
        await screen.until(lambda: screen.has("quarterly-0"))
        said = screen.said("quarterly-0")
        assert "Усього надійшло звернень" in said
        table = screen.app.reports.papers.report
        assert table is not None
        assert str(table.rows[0][3]) in said
        assert screen.has(f"quarterly-{len(table.rows) - 1}")


async def test_another_quarter(device: FakeDevice) -> None:
    async with window(device, route="/reports/quarter", width=1280) as screen:
        await screen.until(lambda: screen.has("quarter-choice"))
        await screen.select("quarter-choice", "8")
        papers = screen.app.reports.papers
        await screen.until(lambda: papers.quarter == (TODAY.year - 2, NUMBER))
        assert papers.report is not None
        assert papers.report.rows[0][3] == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_totals_are_saved_at_once(device: FakeDevice, form: str) -> None:
    phone = FakePhone()
    name = f"misto-{TODAY.year}-q{NUMBER}.{form}"
    async with window(device, route="/reports/quarter", phone=phone) as screen:
        await screen.until(lambda: screen.has(f"save-{name}"))
        await screen.click(f"save-{name}")
        await screen.until(lambda: screen.has("file-saved"))
        assert not screen.has("save-warning"), "totals name nobody"
        assert list(phone.files) == [name]
        assert phone.files[name].startswith(f"{form} Звіт".encode())


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_journal_is_saved_after_the_plain_truth(device: FakeDevice, form: str) -> None:
    phone = FakePhone()
    name = f"misto-journal.{form}"
    async with window(device, route="/reports/journal", phone=phone) as screen:
        await screen.until(lambda: screen.has(f"save-{name}"))
        await screen.click(f"save-{name}")
        await screen.until(lambda: screen.has("save-warning"))
        assert phone.files == {}
        assert any("не зашифровано" in each for each in screen.said("save-warning"))
        await screen.click("save-no")
        await screen.until(lambda: not screen.has("save-warning"))
        assert phone.files == {}
        await screen.click(f"save-{name}")
        await screen.until(lambda: screen.has("save-yes"))
        await screen.click("save-yes")
        await screen.until(lambda: screen.has("file-saved"))
        assert list(phone.files) == [name]


async def test_a_file_that_was_not_kept_is_not_said_to_be_ready(device: FakeDevice) -> None:
    phone = FakePhone()
    phone.takes_files = False
    async with window(device, route="/reports/journal", phone=phone) as screen:
        await screen.until(lambda: screen.has("save-misto-journal.csv"))
        await screen.click("save-misto-journal.csv")
        await screen.until(lambda: screen.has("save-yes"))
        await screen.click("save-yes")
        await screen.settle()
        assert not screen.has("file-saved")
        assert not screen.app.reports.saver.busy


async def test_a_file_that_cannot_be_made_is_told_of(device: FakeDevice) -> None:
    async with window(device, route="/reports/quarter") as screen:
        name = f"save-misto-{TODAY.year}-q{NUMBER}.csv"
        await screen.until(lambda: screen.has(name))
        device.fail = StorageFull("disk")
        await screen.click(name)
        await screen.until(lambda: screen.has("notice"))
        assert not screen.app.reports.saver.busy


async def test_without_what_writes_spreadsheets_it_is_said_what_to_install(
    device: FakeDevice,
) -> None:
    device.reports.figures.can_xlsx = False
    for page in ("quarter", "journal"):
        async with window(device, route=f"/reports/{page}") as screen:
            await screen.until(lambda screen=screen: screen.has("no-xlsx"))
            assert any("XlsxWriter" in each for each in screen.said("no-xlsx"))
            assert not any(name.endswith(".xlsx") for name in screen.names())


async def test_a_preview_of_the_journal_names_its_last_entries(device: FakeDevice) -> None:
    async with window(device, route="/reports/journal", width=1280) as screen:
        await screen.until(lambda: screen.has("journal-9"))
        assert not screen.has("journal-10")
        table = screen.app.reports.papers.journal
        assert table is not None
        assert str(table.rows[-1][4]) in screen.said("journal-9")
        count = sum(each.lane == "appeal" for each in device.reports.figures.cases)
        assert any(each.startswith(f"У журналі {count} ") for each in screen.texts())


async def test_an_empty_journal_says_so(device: FakeDevice) -> None:
    device.reports.figures.cases = []
    async with window(device, route="/reports/journal") as screen:
        await screen.until(lambda: screen.has("journal-empty"))


async def test_what_a_page_said_of_a_file_stays_on_it(device: FakeDevice) -> None:
    async with window(device, route="/reports/journal", phone=FakePhone()) as screen:
        await screen.until(lambda: screen.has("save-misto-journal.csv"))
        await screen.click("save-misto-journal.csv")
        await screen.until(lambda: screen.has("save-warning"))
        await screen.click("reports-page-quarter")
        await screen.until(lambda: screen.has("quarterly-0"))
        await screen.click("reports-page-journal")
        await screen.until(lambda: screen.has("journal-0"))
        await screen.until(lambda: not screen.has("save-warning"))


async def test_open_data_begins_careful_and_follows_the_choice(device: FakeDevice) -> None:
    reports = device.reports
    async with window(device, route="/reports/open", width=1280) as screen:
        await screen.until(lambda: screen.has("open-count"))
        before = len(reports.publishing.snapshot().requests)
        assert str(before) in screen.said("open-count")[0]
        assert not screen.has("open-telling")
        await screen.click(f"open-topic-{TELLING[0]}")
        await screen.until(lambda: screen.has("open-telling"))
        assert TELLING[0] in reports.publishing.kept.categories
        await screen.click("open-lane-appeal")
        await screen.until(lambda: reports.publishing.kept.lanes == ("appeal", "signal"))
        await screen.fire(screen.named("open-seen"), "change", value=False)
        await screen.fire(screen.named("open-position"), "change", value=False)
        kept = reports.publishing.kept
        assert (kept.seen_only, kept.with_position) == (False, False)
        after = len(reports.publishing.snapshot().requests)
        assert after > before
        await screen.until(lambda: str(after) in screen.said("open-count")[0])


async def test_a_choice_that_was_not_kept_is_told_of(device: FakeDevice) -> None:
    async with window(device, route="/reports/open") as screen:
        await screen.until(lambda: screen.has("open-count"))
        device.fail = StorageFull("disk")
        await screen.click("open-lane-appeal")
        await screen.until(lambda: screen.has("notice"))
        assert device.reports.publishing.kept == Publication()


@pytest.mark.parametrize("name", ["requests", "services"])
@pytest.mark.parametrize("form", ["json", "xml"])
async def test_open_data_as_files(device: FakeDevice, name: str, form: str) -> None:
    phone = FakePhone()
    async with window(device, route="/reports/open", phone=phone) as screen:
        await screen.until(lambda: screen.has("open-count"))
        await screen.click(f"save-open311-{name}.{form}")
        await screen.until(lambda: screen.has("file-saved"))
        assert phone.files == {f"open311-{name}.{form}": f"{name} {form}".encode()}


async def test_the_endpoint_is_off_until_a_person_turns_it_on(device: FakeDevice) -> None:
    endpoint = device.reports.endpoint
    async with window(device, route="/reports/open") as screen:
        await screen.until(lambda: screen.has("endpoint-start"))
        assert screen.field("endpoint-host") == "127.0.0.1"
        await screen.click("endpoint-start")
        await screen.until(lambda: screen.has("endpoint-on"))
        assert endpoint.address == "http://127.0.0.1:8311"
        assert f"{endpoint.address}/requests.json" in screen.said("endpoint-address")
        assert "лише на цьому" in screen.said("endpoint-on")[0]
        await screen.click("endpoint-stop")
        await screen.until(lambda: screen.has("endpoint-start"))
        assert endpoint.address == ""


async def test_an_address_of_the_network_is_said_to_be_one(device: FakeDevice) -> None:
    async with window(device, route="/reports/open") as screen:
        await screen.until(lambda: screen.has("endpoint-start"))
        await screen.type("endpoint-host", "192.168.0.7")
        await screen.type("endpoint-port", "8080")
        await screen.click("endpoint-start")
        await screen.until(lambda: screen.has("endpoint-on"))
        assert "Видно всім" in screen.said("endpoint-on")[0]
        assert device.reports.endpoint.address == "http://192.168.0.7:8080"


@pytest.mark.parametrize(
    ("host", "port", "field", "said"),
    [("", "8311", "host", "127.0.0.1"), ("http://me", "8311", "host", "127.0.0.1"),
     ("127.0.0.1", "80", "port", "1024"), ("127.0.0.1", "порт", "port", "1024"),
     ("127.0.0.1", "70000", "port", "1024")],
)  # fmt: skip
async def test_what_is_no_address_is_said(
    device: FakeDevice, host: str, port: str, field: str, said: str
) -> None:
    async with window(device, route="/reports/open") as screen:
        await screen.until(lambda: screen.has("endpoint-start"))
        await screen.type("endpoint-host", host)
        await screen.type("endpoint-port", port)
        await screen.click("endpoint-start")
        await screen.until(lambda: said in str(screen.field(f"endpoint-{field}", "error")))
        assert device.reports.endpoint.address == ""


async def test_a_port_that_is_taken_is_said(device: FakeDevice) -> None:
    device.reports.endpoint.taken = True
    async with window(device, route="/reports/open") as screen:
        await screen.until(lambda: screen.has("endpoint-start"))
        await screen.click("endpoint-start")
        await screen.until(lambda: "порт зайнятий" in str(screen.field("endpoint-host", "error")))
        assert not screen.has("endpoint-on")
        assert screen.field("endpoint-port") == "8311"
