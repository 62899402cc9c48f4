"""Many devices share a commit; a failed commit acknowledges nobody; a full queue says so."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import event

from shared_schema.limits import COMMIT_QUEUE_JOBS_MAX
from shared_schema.sync.bundle import Want
from shared_schema.sync.receive import Incoming, read_request
from sync_server.services.group_commit import Busy, GroupCommitter, NotStored, Outcomes
from sync_server.storage.base import StoreFailed
from tests.sync_server.serving import serving
from tests.sync_server.town import QUEUE, Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def requests(town: Town, count: int) -> list[Incoming]:
    authors = [town.author() for _ in range(count)]
    return [read_request(town.ask(author, author.appeal()).raw) for author in authors]


async def test_requests_that_wait_share_one_commit_and_get_their_own_outcomes(
    town: Town,
) -> None:
    groups: list[int] = []
    gate = threading.Event()

    def admit(group: Sequence[Incoming]) -> list[Outcomes]:
        gate.wait(10)
        return town.service.admit(group)

    committer = GroupCommitter(admit, groups.append)
    jobs = [asyncio.create_task(committer.admit(each)) for each in requests(town, 12)]
    await asyncio.sleep(0.1)
    gate.set()
    outcomes = await asyncio.gather(*jobs)
    assert sorted(each[0][0].version for each in outcomes) == list(range(1, 13))
    assert sum(groups) == 12
    assert len(groups) <= 2


async def test_a_failed_commit_acknowledges_nobody_and_the_next_one_works(town: Town) -> None:
    broken = True

    def admit(group: Sequence[Incoming]) -> list[Outcomes]:
        if broken:
            raise StoreFailed("OperationalError")
        return town.service.admit(group)

    committer = GroupCommitter(admit)
    first, second = requests(town, 2)
    with pytest.raises(StoreFailed):
        await committer.admit(first)
    broken = False
    assert (await committer.admit(first))[0][0].version == 1
    assert (await committer.admit(second))[0][0].version == 2


async def test_a_request_that_breaks_the_commit_does_not_take_its_neighbours_down(
    town: Town,
) -> None:
    asked = requests(town, 5)
    poison = asked[2]
    gate = threading.Event()

    def admit(group: Sequence[Incoming]) -> list[Outcomes]:
        gate.wait(10)
        if poison in group:
            raise KeyError("a fault of ours")
        return town.service.admit(group)

    committer = GroupCommitter(admit)
    jobs = [asyncio.create_task(committer.admit(each)) for each in asked]
    await asyncio.sleep(0.1)
    gate.set()
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(ended.pop(2), NotStored)
    assert sorted(each[0][0].version for each in ended) == [1, 2, 3, 4]


async def test_a_full_queue_is_said_at_once(town: Town) -> None:
    gate = threading.Event()

    def admit(group: Sequence[Incoming]) -> list[Outcomes]:
        gate.wait(20)
        return [[] for _ in group]

    committer = GroupCommitter(admit)
    (one,) = requests(town, 1)
    jobs = [asyncio.create_task(committer.admit(one)) for _ in range(COMMIT_QUEUE_JOBS_MAX + 5)]
    await asyncio.sleep(0.1)
    gate.set()
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    assert sum(isinstance(each, Busy) for each in ended) == 5
    assert ended[:COMMIT_QUEUE_JOBS_MAX] == [[]] * COMMIT_QUEUE_JOBS_MAX


def test_forty_devices_at_once_over_http_get_forty_versions(town: Town) -> None:
    authors = [town.author() for _ in range(40)]
    asked = [town.ask(author, author.appeal()) for author in authors]
    versions: list[int] = []
    with serving(town) as served:

        def push(index: int) -> None:
            answer = town.read(authors[index], asked[index], served.post(asked[index].raw).content)
            versions.append(answer.settled[0].version)

        threads = [threading.Thread(target=push, args=(index,)) for index in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(versions) == list(range(1, 41))


def test_a_full_disk_is_a_507_and_pulling_goes_on(town: Town) -> None:
    filled = [town.ask(town.resident, town.resident.appeal()) for _ in range(40)]
    with serving(town) as served:
        engine = served.app.state.city.service._store._engine

        def shrink(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA max_page_count = 1")  # as many as there are now

        def grow(connection: Any, *_: object) -> None:
            connection.execute("PRAGMA max_page_count = 1000000")

        event.listen(engine, "checkout", shrink)
        answers = [served.post(each.raw) for each in filled]
        assert answers[-1].status_code == 507
        assert answers[-1].json()["type"] == "urn:misto:problem:store_full"
        assert answers[-1].headers["retry-after"]
        assert served.post(town.ask(town.desk, wants=(Want(QUEUE),)).raw).status_code == 200
        event.remove(engine, "checkout", shrink)
        event.listen(engine, "checkout", grow)
        seen = [
            town.read(town.resident, each, served.post(each.raw).content).settled[0].version
            for each in filled
        ]
    assert seen == list(range(1, 41))


def test_a_database_that_is_gone_is_a_503_without_a_traceback(town: Town) -> None:
    with serving(town) as served:
        engine = served.app.state.city.service._store._engine

        def fail(connection: Any, *_: object) -> None:
            raise sqlite3.OperationalError("unable to open database file")

        event.listen(engine, "checkout", fail)
        answers = [
            served.post(town.ask(town.resident, town.resident.appeal()).raw),
            served.post(town.ask(town.resident, wants=(Want(QUEUE),)).raw),
            served.client.get("/healthz"),
        ]
        event.remove(engine, "checkout", fail)
        assert served.client.get("/healthz").status_code == 200
    for answer in answers:
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:misto:problem:store_failed"
        assert "Traceback" not in answer.text


def test_card_health_and_metrics_tell_what_they_should_and_no_more(town: Town) -> None:
    with serving(town) as served:
        served.post(town.ask(town.resident, town.resident.appeal()).raw)
        assert served.client.get("/v1/card").content == town.card.raw
        assert served.client.get("/healthz").status_code == 200
        metrics = served.client.get("/metrics").text
    assert 'misto_changes_total{reason="OK",status="ACCEPTED"} 1.0' in metrics
    assert town.resident.signer.device.hex() not in metrics
