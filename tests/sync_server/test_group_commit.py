"""Many devices share a commit; a failed commit acknowledges nobody; a full queue says so."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Sequence

import pytest

from shared_schema.limits import COMMIT_QUEUE_JOBS_MAX
from shared_schema.sync.bundle import Want
from shared_schema.sync.receive import Incoming, read_request
from sync_server.services.group_commit import Busy, GroupCommitter, NotStored, Outcomes
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
            raise sqlite3.OperationalError("database or disk is full")
        return town.service.admit(group)

    committer = GroupCommitter(admit)
    first, second = requests(town, 2)
    with pytest.raises(NotStored):
        await committer.admit(first)
    broken = False
    assert (await committer.admit(first))[0][0].version == 1
    assert (await committer.admit(second))[0][0].version == 2


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


def test_a_store_that_fails_is_a_503_or_507_and_pulling_goes_on(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(town) as served:
        service = served.app.state.city.service

        def full(_requests: Sequence[Incoming]) -> list[Outcomes]:
            raise sqlite3.OperationalError("database or disk is full")

        monkeypatch.setattr(served.app.state.city.committer, "_admit", full)
        pushed = served.post(town.ask(town.resident, town.resident.appeal()).raw)
        assert pushed.status_code == 507
        assert pushed.json()["type"] == "urn:misto:problem:not_stored"
        pulled = served.post(town.ask(town.desk, wants=(Want(QUEUE),)).raw)
        assert pulled.status_code == 200
        monkeypatch.setattr(served.app.state.city.committer, "_admit", service.admit)
        asked = town.ask(town.resident, town.resident.appeal())
        assert town.read(town.resident, asked, served.post(asked.raw).content).settled


def test_card_health_and_metrics_tell_what_they_should_and_no_more(town: Town) -> None:
    with serving(town) as served:
        served.post(town.ask(town.resident, town.resident.appeal()).raw)
        assert served.client.get("/v1/card").content == town.card.raw
        assert served.client.get("/healthz").status_code == 200
        metrics = served.client.get("/metrics").text
    assert 'misto_changes_total{reason="OK",status="ACCEPTED"} 1.0' in metrics
    assert town.resident.signer.device.hex() not in metrics
