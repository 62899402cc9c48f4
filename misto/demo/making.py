"""Making the demo city: founded, and lived in for a while, through the real services and server.

The resident whose app is shown wrote the first appeal and all others under the same name; everybody
else, and each one without a name, is a neighbour with a device of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.exchange import Exchange
from client.services.news import Newsroom
from client.services.replica import Replica
from client.transports.http import HttpTransport
from misto.city import init_city
from misto.demo.processes import family
from misto.demo.publishing import Clock, publish_all
from misto.demo.seed import Seed, SeedAppeal
from misto.files import appearing
from shared_schema.records.appeal import Opened

RESIDENT: Final = "resident"
_NEIGHBOURS: Final = "neighbours"
Progress = Callable[[str, int, int], None]


def make_demo(folder: Path, seed: Seed, server: str, progress: Progress) -> None:
    """Make the demo's folder: `city`, `resident` and `neighbours`; it appears when all is done.

    Raises:
        FolderTaken: the folder holds something else.
    """
    with appearing(folder) as work:
        init_city(work / "city", seed.city, servers=(server,), districts=seed.all_districts)
        with family(work / "logs") as processes:
            port = server.rpartition(":")[2]
            command = ["serve", "--city", str(work / "city"), "--port", port]
            processes.start("server", server, command).wait_ready("/healthz")
            _publish(work, seed, server, progress)
            _file(work, seed.appeals, server, progress)
            _answer(work, seed, server, progress)
            _settle(work, server, progress)


def _publish(work: Path, seed: Seed, server: str, progress: Progress) -> None:
    clock = Clock(_now_ms())
    with Replica.open(work / "city" / "profiles" / "newsroom", clock=clock) as replica:
        publish_all(replica, clock, seed, progress)
        _exchange(replica, server)
    with Replica.open(work / "city" / "profiles" / "editor") as replica:
        _exchange(replica, server)
        editor = Newsroom(replica)
        for alert in editor.awaiting():
            editor.confirm(alert.record)
        _exchange(replica, server)


def _file(work: Path, appeals: list[SeedAppeal], server: str, progress: Progress) -> None:
    card = (work / "city" / "card.json").read_bytes()
    done = 0
    for folder, own in _by_device(work, appeals):
        with Replica.create(folder, card) as replica:
            for appeal in own:
                Appeals(replica).file(_opened(appeal))
                done += 1
                progress("appeals", done, len(appeals))
            _exchange(replica, server)


def _by_device(work: Path, appeals: list[SeedAppeal]) -> Iterator[tuple[Path, list[SeedAppeal]]]:
    people: dict[str, list[SeedAppeal]] = {}
    for index, appeal in enumerate(appeals):
        people.setdefault(appeal.name or f"nameless {index}", []).append(appeal)
    for index, own in enumerate(people.values()):
        yield (work / _NEIGHBOURS / f"{index:02}" if index else work / RESIDENT), own
    if not people:
        yield work / RESIDENT, []


def _opened(appeal: SeedAppeal) -> Opened:
    return Opened(
        appeal.lane, appeal.kind, appeal.title, appeal.text, appeal.category, appeal.address,
        appeal.district, appeal.name, residence=appeal.residence,
    )  # fmt: skip


def _answer(work: Path, seed: Seed, server: str, progress: Progress) -> None:
    replies = {seed.appeals[int(index)].title: text for index, text in seed.replies.items()}
    with Replica.open(work / "city" / "profiles" / "desk") as replica:
        _exchange(replica, server)
        desk = Desk(replica)
        for done, view in enumerate(desk.queue(limit=len(seed.appeals), offset=0), 1):
            if view.title in replies:
                desk.register(view.record)
                desk.reply(view.record, replies[view.title])
                desk.set_status(view.record, "answered", "")
            progress("replies", done, len(seed.appeals))
        _exchange(replica, server)


def _settle(work: Path, server: str, progress: Progress) -> None:
    """Everybody hears what happened, so that each app shows something even without the server."""
    folders = [work / RESIDENT, work / "city" / "profiles" / "newsroom"]
    for done, folder in enumerate(folders, 1):
        with Replica.open(folder) as replica:
            _exchange(replica, server)
        progress("exchanges", done, len(folders))


def _exchange(replica: Replica, server: str) -> None:
    with HttpTransport(server) as transport:
        Exchange(replica, transport).once()


def _now_ms() -> int:
    return int(time.time() * 1000)
