"""The audit on the screen: filters, pages, the file, and plain words about what is proven."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest

from client.services.office.audit_types import Finding, ScopeProof
from tests.client.office.cases import KYIV
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.fake_reports import OFFICER, RESIDENT, entry
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import DAY, HOUR, MINUTE, NOW

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice({("desk", "queue/general")})
    made.reports.audit.entries = [
        entry(1, device=RESIDENT, who="", role="sender", kind="appeal.opened", said="Немає води"),
        *(entry(n) for n in range(2, 71)),
        entry(71, scope="news", kind="news.published", said="Підвіз води"),
    ]
    return made


def listed(screen: Window) -> list[str]:
    """What the lines say, from the top."""
    names = [name for name in screen.names() if name.startswith("audit-entry-")]
    return [" / ".join(screen.said(name)) for name in names]


async def test_a_line_says_who_did_what_when(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-entry-0"))
        line = listed(screen)[0]
        at = datetime.fromtimestamp((NOW - 100 * MINUTE + 70 * MINUTE) / 1000, KYIV)
        for said in (f"{at:%d.%m.%Y %H:%M:%S}", "Оксана Коваль", "Зареєстровано", "№ ЗВ-000070",
                     "№ 70 · Отримано містом", f"пристрій {OFFICER[:8]}"):  # fmt: skip
            assert said in line


async def test_what_is_odd_about_a_line_is_said_in_words(device: FakeDevice) -> None:
    device.reports.audit.entries = [
        entry(1, counts=False),
        entry(2, standing="waiting", version=0, received_at_ms=None),
        entry(3, opened=False, said=""),
        entry(4, made_at_ms=NOW - 3 * DAY),
        entry(5, standing="missing", received_at_ms=None, made_at_ms=None, device="", kind="",
              record="", said="", opened=False, counts=False, role="sender", who=""),
        entry(6, kind="0x0299/1"),
    ]  # fmt: skip
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-entry-5"))
        newer, missing, clock, sealed, waiting, unlawful = listed(screen)
        assert "0x0299/1" in newer
        assert "Дії немає" in missing
        assert "Зникло з журналу" in missing
        assert "на пристрої" in clock
        assert "не відкривається на цьому пристрої" in sealed
        assert "місто ще не отримало" in waiting
        assert "№ 0" not in waiting
        assert "Не враховано: немає права" in unlawful


async def test_pages(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-on"))
        assert "1–30 із 70" in screen.texts()
        assert not screen.has("audit-back")
        await screen.click("audit-on")
        await screen.until(lambda: "31–60 із 70" in screen.texts())
        await screen.click("audit-on")
        await screen.until(lambda: "61–70 із 70" in screen.texts())
        assert not screen.has("audit-on")
        assert "Немає води" in listed(screen)[-1]
        await screen.click("audit-back")
        await screen.until(lambda: "31–60 із 70" in screen.texts())
        await screen.click("audit-turn")
        await screen.until(lambda: "1–30 із 70" in screen.texts())
        assert "Немає води" in listed(screen)[0]


async def test_filters(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-person"))
        await screen.select("audit-person", "-")
        await screen.until(lambda: len(listed(screen)) == 1)
        assert "Мешканець" in listed(screen)[0]
        await screen.select("audit-person", OFFICER)
        await screen.until(lambda: "1–30 із 69" in screen.texts())
        await screen.select("audit-person", "*")
        await screen.select("audit-kind", "appeal.opened")
        await screen.until(lambda: len(listed(screen)) == 1)
        await screen.click("audit-clear")
        await screen.until(lambda: "1–30 із 70" in screen.texts())
        await screen.type("audit-record", "ЗВ-000012")
        await screen.click("audit-find")
        await screen.until(lambda: len(listed(screen)) == 1)
        assert "№ ЗВ-000012" in listed(screen)[0]


async def test_what_is_no_filter_is_said(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-record"))
        await screen.type("audit-record", "ЗВ-999999")
        await screen.click("audit-find")
        await screen.until(lambda: "Такого номера" in str(screen.field("audit-record", "error")))
        assert screen.has("audit-empty")
        await screen.type("audit-record", "")
        await screen.type("audit-start", "позавчора")
        await screen.click("audit-find")
        await screen.until(lambda: "Напишіть день" in str(screen.field("audit-start", "error")))
        await screen.click("audit-clear")
        await screen.until(lambda: len(listed(screen)) == 30)
        assert screen.field("audit-start", "error") is None


async def test_days_are_those_of_the_city(device: FakeDevice) -> None:
    device.reports.audit.entries = [
        entry(n, received_at_ms=NOW - n * DAY) for n in range(10, 0, -1)
    ]
    first, last = (datetime.fromtimestamp((NOW - n * DAY) / 1000, KYIV) for n in (5, 3))
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-start"))
        await screen.type("audit-start", f"{first:%d.%m.%Y}")
        await screen.type("audit-end", f"{last:%d.%m.%Y}")
        await screen.click("audit-find")
        await screen.until(lambda: len(listed(screen)) == 3)


async def test_another_log(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-scope"))
        await screen.click("audit-prove")
        await screen.until(lambda: screen.has("audit-proof"))
        await screen.select("audit-scope", "news")
        await screen.until(lambda: len(listed(screen)) == 1)
        assert "Новину опубліковано" in listed(screen)[0]
        assert not screen.has("audit-proof"), "that was about another log"


async def test_the_file_has_what_the_filters_let_through(device: FakeDevice) -> None:
    phone = FakePhone()
    async with window(device, route="/reports/audit", phone=phone) as screen:
        await screen.until(lambda: screen.has("audit-kind"))
        await screen.select("audit-kind", "appeal.opened")
        await screen.until(lambda: len(listed(screen)) == 1)
        await screen.click("save-misto-audit.csv")
        await screen.until(lambda: screen.has("save-yes"))
        assert phone.files == {}
        await screen.click("save-yes")
        await screen.until(lambda: "misto-audit.csv" in phone.files)
    text = phone.files["misto-audit.csv"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [row[8] for row in rows] == ["Дія", "Звернення подано"]


async def test_what_is_proven_is_said_plainly(device: FakeDevice) -> None:
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-prove"))
        assert not screen.has("audit-proof")
        await screen.click("audit-prove")
        await screen.until(lambda: screen.has("audit-proof"))
        signed = datetime.fromtimestamp((NOW - HOUR) / 1000, KYIV)
        said = screen.said("audit-proof")[0]
        assert "Доведено: до № 3" in said
        assert f"{signed:%d.%m.%Y %H:%M}" in said
        assert not screen.has("audit-proving")


@pytest.mark.parametrize(
    ("version", "finding", "said", "told"),
    [
        (None, Finding("missing", 1, "#17"), "не такий, яким його підписано",
         "Зникла 1 дія, яку журнал уже мав (#17)"),
        (None, Finding("no_statement", 1), "Повноту не доведено", "ще немає"),
        (9, Finding("later", 5), "Доведено: до № 9", "5 дій надійшло після підпису"),
        (9, Finding("fork", 2, "ab/3"), "Доведено: до № 9", "двічі використали 2 номери"),
        (9, Finding("receipt", 1, "ab/3"), "не такий", "1 квитанція не збігається"),
    ],
)  # fmt: skip
async def test_what_is_not_proven_is_said_as_plainly(
    device: FakeDevice, version: int | None, finding: Finding, said: str, told: str
) -> None:
    signed = NOW if version else None
    device.reports.audit.proof = ScopeProof("queue/general", 9, 2, version, signed, (finding,))
    async with window(device, route="/reports/audit", width=1280) as screen:
        await screen.until(lambda: screen.has("audit-prove"))
        await screen.click("audit-prove")
        await screen.until(lambda: screen.has("audit-proof"))
        assert said in screen.said("audit-proof")[0]
        assert told in " ".join(screen.said(f"finding-{finding.code}"))


async def test_a_log_without_an_act_says_so(device: FakeDevice) -> None:
    device.reports.audit.entries = []
    async with window(device, route="/reports/audit") as screen:
        await screen.until(lambda: screen.has("audit-empty"))
        assert not screen.has("audit-on")
