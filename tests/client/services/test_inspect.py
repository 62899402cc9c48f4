"""The doctor: what is sound is called sound, what is damaged can be saved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.inspect import Level, Report, examine
from client.services.replica import DATABASE, Replica
from client.services.rescue import export, rebuild
from client.storage.errors import DamagedDatabase
from tests.client.city import City, an_appeal

PAGE = 4096
LEAF = 13  # a leaf of a table; SQLite file format, section 1.6


def rows_on(raw: bytes | bytearray, at: int) -> int:
    return int.from_bytes(raw[at + 3 : at + 5])


def levels(report: Report) -> dict[str, Level]:
    return {finding.topic: finding.level for finding in report.findings}


def damaged_profile(city: City, appeals: int = 40) -> Path:
    """A profile with appeals, a part of its database overwritten with noise."""
    with city.resident() as replica:
        for number in range(appeals):
            Appeals(replica).file(an_appeal(f"Звернення номер {number}, доволі довгий текст"))
        folder = replica.folder
        city.exchange(replica)
        Appeals(replica).file(an_appeal("Ще не надіслане"))
    path = folder / DATABASE
    raw = bytearray(path.read_bytes())
    leaves = [at for at in range(PAGE, len(raw), PAGE) if raw[at] == LEAF and rows_on(raw, at) > 4]
    middle = leaves[len(leaves) // 2]
    raw[middle : middle + PAGE] = b"\xa5" * PAGE
    path.write_bytes(raw)
    path.with_name(path.name + "-wal").touch()  # the last use did not end well
    return folder


def test_a_healthy_profile_is_sound(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        city.exchange(replica)
        Appeals(replica).file(an_appeal())
        folder = replica.folder
    report = examine(folder, city.clock)
    assert report.sound
    assert set(levels(report).values()) == {Level.OK}
    assert (report.waiting, report.readable) == (1, 5)


def test_a_clock_that_is_wrong_is_told(city: City) -> None:
    with city.resident() as replica:
        service_clock, city.clock = city.clock, type(city.clock)(city.clock.now_ms)
        replica.clock = type(city.clock)(service_clock.now_ms - 3_600_000)
        city.exchange(replica)
        folder = replica.folder
    assert levels(examine(folder, city.clock))["clock"] is Level.WARNING


def test_a_tampered_log_is_told(city: City) -> None:
    with city.resident() as replica:
        for number in range(3):
            Appeals(replica).file(an_appeal(f"Звернення {number}"))
        with replica.store.writing() as connection:
            connection.execute("DELETE FROM changes WHERE author = 1 AND seq = 2")
        folder = replica.folder
    report = examine(folder, city.clock)
    assert levels(report)["streams"] is Level.ERROR
    assert not report.sound


def test_a_wrong_digest_is_told(city: City) -> None:
    with city.resident() as replica:
        city.exchange(replica)
        with replica.store.writing() as connection:
            connection.execute("UPDATE feeds SET digest = zeroblob(256) WHERE name = 'trust'")
        folder = replica.folder
    assert levels(examine(folder, city.clock))["feed trust"] is Level.ERROR


def test_a_damaged_database_says_what_can_be_saved(city: City) -> None:
    folder = damaged_profile(city)
    with pytest.raises(DamagedDatabase) as caught:
        Replica.open(folder)
    assert 20 < caught.value.readable < 43
    report = examine(folder, city.clock)
    assert not report.sound
    assert report.readable == caught.value.readable


def test_readable_changes_are_exported_as_sealed_as_they_are(city: City, tmp_path: Path) -> None:
    folder = damaged_profile(city)
    target = tmp_path / "rescued.jsonl"
    count = export(folder, target)
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(lines) == count + 1
    assert count > 20
    assert "Звернення".encode("cp1251").hex() not in target.read_text()


def test_a_rebuilt_database_goes_on(city: City) -> None:
    folder = damaged_profile(city)
    with rebuild(folder, clock=city.clock) as replica:
        readable = len(Appeals(replica).list())
        assert readable > 20
        result = city.exchange(replica)
        assert result.accepted + len(result.refused) == readable
    assert (folder / f"{DATABASE}.damaged-1").exists()
    with Replica.open(folder, clock=city.clock) as replica:
        assert len(Appeals(replica).list()) == readable


def test_no_database_at_all_is_told(city: City) -> None:
    with city.resident() as replica:
        folder = replica.folder
    (folder / DATABASE).write_bytes(b"\0" * 10_000)
    report = examine(folder, city.clock)
    assert levels(report)["database"] is Level.ERROR
    assert (report.readable, report.waiting) == (0, 0)
