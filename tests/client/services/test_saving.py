"""Saving an appeal: durable, sealed, drawn once, and the same for every process on the profile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.errors import TooLate, UnknownRecord
from client.services.news import Newsroom
from client.services.replica import NoProfile, ProfileExists, Replica
from client.storage.errors import StorageError, StorageFull
from shared_schema.errors import PayloadError
from shared_schema.records.appeal import Amended
from shared_schema.records.news import Published
from shared_schema.sync.change import NO_PREV, decode, signature_holds
from shared_schema.sync.hlc import milliseconds
from tests.client.city import City, an_appeal, files_of

UNUSUAL = "Жаб’ячий корнішон ґречно щебетав під Пцкоромисловкою"


def own_changes(replica: Replica) -> list[bytes]:
    return [row[0] for row in replica.store.read("SELECT raw FROM changes WHERE author = 1")]


def test_an_appeal_is_filed_without_any_network(city: City) -> None:
    with city.resident() as replica:
        filed = Appeals(replica).file(an_appeal(name="Олена", district="Центр"))
        assert filed.state == "waiting"
        assert filed.pending
        assert filed.mine
        assert filed.created_at_ms == city.clock.now_ms
        assert Appeals(replica).get(filed.record) == filed
        assert Appeals(replica).list() == [filed]
    with city.resident() as replica:
        assert Appeals(replica).list() == [filed]


def test_a_stream_is_a_chain(city: City) -> None:
    with city.resident() as replica:
        for number in range(3):
            Appeals(replica).file(an_appeal(f"Звернення {number}"))
        chain = [decode(raw) for raw in own_changes(replica)]
        assert [change.seq for change in chain] == [1, 2, 3]
        assert [change.prev for change in chain] == [NO_PREV, chain[0].id, chain[1].id]
        assert all(signature_holds(change, replica.signer.public_key) for change in chain)
        assert [change.time for change in chain] == sorted({change.time for change in chain})


def test_time_never_runs_backwards(city: City) -> None:
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        city.clock.now_ms -= 10 * 365 * 24 * 3600 * 1000
        Appeals(replica).file(an_appeal())
        first, second = (decode(raw) for raw in own_changes(replica))
        assert second.time > first.time
        city.clock.now_ms = 2**47
        filed = Appeals(replica).file(an_appeal())
        assert filed.created_at_ms == milliseconds(decode(own_changes(replica)[-1]).time)


def test_no_private_word_is_on_disk_in_clear(city: City) -> None:
    with city.profile("newsroom") as newsroom:
        Newsroom(newsroom).publish(Published("Оголошення", "Текст"))
        city.exchange(newsroom)
    words = (UNUSUAL, "вул. Хлюпотливих Дзиґ", "Пантелеймон Шкряботюк")
    with city.resident() as replica:
        service = Appeals(replica)
        filed = service.file(
            an_appeal(UNUSUAL, address="вул. Хлюпотливих Дзиґ", name="Пантелеймон Шкряботюк")
        )
        service.comment(filed.record, UNUSUAL)
        service.amend(filed.record, Amended(UNUSUAL, UNUSUAL))
        assert service.list()[0].text == UNUSUAL
        city.exchange(replica)
        on_disk = files_of(replica.folder)
    on_disk += files_of(city.folder)
    for word in words:
        for part in word.split():
            for charset in ("utf-8", "cp1251", "utf-16-le", "utf-16-be"):
                assert part.encode(charset, "ignore") not in on_disk, (part, charset)
    assert "Оголошення".encode("cp1251") in on_disk  # public text is there: the search works


def file_many(service: Appeals) -> None:
    for _ in range(100):
        service.file(an_appeal(os.urandom(3000).hex()))


def test_a_full_disk_says_so_and_keeps_what_was_saved(city: City) -> None:
    with city.resident() as replica:
        service = Appeals(replica)
        kept = service.file(an_appeal())
        (pages,) = replica.store.rows("PRAGMA page_count")[0]
        replica.store.rows(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StorageFull):
            file_many(service)
        replica.store.rows("PRAGMA max_page_count = 1000000")
        saved = service.list()
        assert kept in saved
        service.file(an_appeal())
        seqs = [decode(raw).seq for raw in own_changes(replica)]
        assert seqs == list(range(1, len(saved) + 2))


def test_an_unusable_appeal_saves_nothing(city: City) -> None:
    with city.resident() as replica:
        with pytest.raises(PayloadError):
            Appeals(replica).file(an_appeal("д" * 10_001))
        assert own_changes(replica) == []


def test_threads_may_save_at_once(city: City) -> None:
    with city.resident() as replica, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: Appeals(replica).file(an_appeal(f"Текст {n}")), range(40)))
        chain = sorted((decode(raw) for raw in own_changes(replica)), key=lambda each: each.seq)
        assert [each.seq for each in chain] == list(range(1, 41))
        assert [each.prev for each in chain[1:]] == [each.id for each in chain[:-1]]


def test_two_processes_may_use_a_profile_at_once(city: City) -> None:
    with city.resident() as first, Replica.open(first.folder, clock=city.clock) as second:
        for number in range(6):
            Appeals((first, second)[number % 2]).file(an_appeal(f"Текст {number}"))
        assert len(Appeals(first).list()) == 6
        assert [decode(raw).seq for raw in own_changes(first)] == [1, 2, 3, 4, 5, 6]


_FILE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from client.services.appeals import Appeals
from client.services.replica import Replica
from shared_schema.records.appeal import Opened
replica = Replica.open(Path(sys.argv[1]))
view = Appeals(replica).file(Opened("signal", "", "Темно", "Не світить жоден ліхтар."))
print(view.record, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_called_saved_survives_sigkill(city: City) -> None:
    with city.resident() as replica:
        folder = replica.folder
    run = subprocess.run(
        [sys.executable, "-c", _FILE_AND_DIE, str(folder)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    with city.resident() as replica:
        (view,) = Appeals(replica).list()
        assert view.record == run.stdout.strip()
        assert view.state == "waiting"
        assert city.exchange(replica).accepted == 1
        assert Appeals(replica).get(view.record).state == "received"


def test_going_on_with_an_appeal(city: City) -> None:
    with city.resident() as replica:
        service = Appeals(replica)
        filed = service.file(an_appeal())
        amended = service.amend(filed.record, Amended("Немає води і світла", "Зовсім."))
        assert (amended.title, amended.category) == ("Немає води і світла", "water")
        assert [line.text for line in service.comment(filed.record, "Досі.").said] == ["Досі."]
        withdrawn = service.withdraw(filed.record, "Полагодили")
        assert (withdrawn.state, withdrawn.withdrawn) == ("withdrawn", True)
        with pytest.raises(TooLate):
            service.withdraw(filed.record)
        with pytest.raises(TooLate):
            service.amend(filed.record, Amended("Ще", "Раз"))


@pytest.mark.parametrize("record", ["00" * 16, "не шістнадцяткове", "00", ""])
def test_an_unknown_record_is_one_clear_error(city: City, record: str) -> None:
    with city.resident() as replica, pytest.raises(UnknownRecord):
        Appeals(replica).comment(record, "Агов")


def test_urgency_is_in_the_header_for_couriers(city: City) -> None:
    with city.resident() as replica:
        for category in ("danger", "heat", "noise", "щось своє"):
            Appeals(replica).file(an_appeal(category=category))
        assert [decode(raw).urgency for raw in own_changes(replica)] == [2, 1, 0, 0]


def test_a_profile_is_never_overwritten(city: City) -> None:
    with city.resident() as replica, pytest.raises(ProfileExists):
        Replica.create(replica.folder, city.card.raw)


def test_a_folder_that_cannot_be_made_is_one_clear_error(city: City, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        Replica.create(tmp_path / "file" / "profile", city.card.raw)


def test_a_profile_without_keys_is_none(city: City, tmp_path: Path) -> None:
    with pytest.raises(NoProfile):
        Replica.open(tmp_path / "nowhere")


def test_a_fresh_device_knows_the_desk_and_the_newsroom(city: City) -> None:
    with (
        city.resident() as resident,
        city.profile("desk") as desk,
        city.profile("newsroom") as room,
    ):
        assert resident.roles() == set()
        assert desk.roles() == {("desk", "queue/general")}
        assert room.roles() == {("newsroom", "news")}
        assert resident.grants.role(desk.device, "queue/general") == "desk"
