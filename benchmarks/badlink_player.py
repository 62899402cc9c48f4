"""The client's part of `benchmarks.badlink`: one act as the app does it, and what it cost, as JSON.

`link_up` and `link_down` are what the relay let pass: the truth under cuts. `given_up` is what the
transport gave to the system; what that still had in its buffers at a cut was never on the link.

python -m benchmarks.badlink_player prepare|outbox|cut-outbox|cut-carry FOLDER NAME COUNT LIFE
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks import documents
from benchmarks.badlink_link import ADDRESS, PORT, TARGET
from benchmarks.relay import CuttingRelay
from client.scheduler import Rhythm
from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.exchange import Exchange
from client.services.handover import Handover
from client.services.notes import Notes
from client.services.own import Own
from client.services.paced import PacedExchange
from client.services.prefs import Prefs
from client.services.replica import Replica
from client.transports.http import HttpTransport
from shared_schema.errors import MistoError

_WAIT_S: Final = 30.0


def until_done(act: Callable[[], bool]) -> dict[str, Any]:
    """Try as the scheduler does, with its backoff, until the act says that nothing waits."""
    rhythm = Rhythm()
    started = time.monotonic()
    tries = failures = 0
    while True:
        tries += 1
        try:
            if act():
                return {"tries": tries, "wall_s": round(time.monotonic() - started, 1)}
        except MistoError as error:
            failures += 1
            sys.stderr.write(f"{error.code}: {error.detail}\n")
            longest = min(rhythm.backoff_first_s * 2.0 ** (failures - 1), rhythm.backoff_max_s)
            time.sleep(random.uniform(0.0, longest))


def prepare(folder: Path, name: str, count: int) -> dict[str, Any]:
    """A device that knows the city, with appeals in its outbox or requests to carry."""
    card = (folder / "card.json").read_bytes()
    with Replica.create(folder / "device", card) as replica:
        until_done(lambda: _reachable(replica))
        if name.startswith("cut-carry"):
            courier = Courier(replica)
            for number, document in enumerate(documents.appeals(count)):
                with Replica.create(folder / f"sender-{number}", card) as sender:
                    Appeals(sender).file(document)
                    courier.take(Courier(sender).own_request() or b"", "file")
        else:
            for document in documents.appeals(count):
                Appeals(replica).file(document)
    return {}


def outbox(replica: Replica, url: str) -> dict[str, Any]:
    """Bring what waits to the city."""
    sql = "SELECT total(length(raw)) FROM changes WHERE author = 1 AND state = 0"
    payload = int(replica.store.rows(sql)[0][0])
    notes = Notes(replica)
    prefs = Prefs(notes)
    with HttpTransport(url) as transport:
        own = Own(replica, prefs, Handover(replica, notes))
        paced = PacedExchange(Exchange(replica, transport), prefs, own)
        figures = until_done(lambda: paced.once().complete)
        assert not replica.store.rows(sql)[0][0]
        handed = {"given_up": transport.bytes_up, "come_down": transport.bytes_down}
        return figures | handed | {"payload": payload, "payload_back": 0}


def carry(replica: Replica, url: str) -> dict[str, Any]:
    """Bring what is carried to the city, and its replies back."""
    courier = Courier(replica)
    payload = sum(each.size for each in courier.carried())
    with HttpTransport(url) as transport:

        def act() -> bool:
            courier.deliver(transport)
            return not courier.state().waiting

        figures = until_done(act)
        back = sum(each.size for each in courier.carried()) - payload
        handed = {"given_up": transport.bytes_up, "come_down": transport.bytes_down}
        return figures | handed | {"payload": payload, "payload_back": back}


def _reachable(replica: Replica) -> bool:
    with HttpTransport(TARGET) as transport:
        Exchange(replica, transport).once()
    return True


def main() -> int:
    """Act, and print the figures."""
    scene, place, name, count, life = sys.argv[1:]
    folder = Path(place)
    if scene == "prepare":
        print(json.dumps(prepare(folder, name, int(count))))
        return 0
    act = carry if scene == "cut-carry" else outbox
    with Replica.open(folder / "device") as replica:
        if scene == "outbox":
            print(json.dumps(act(replica, TARGET)))
            return 0
        relay = CuttingRelay((ADDRESS, PORT), int(life))
        relay.start()
        figures = act(replica, relay.url)
    ratio = {
        "per_payload": round(relay.passed / figures["payload"], 3),
        "per_both": round(relay.passed / (figures["payload"] + figures["payload_back"]), 3),
    }
    passed = {"cuts": relay.cuts, "link_up": relay.up, "link_down": relay.down}
    print(json.dumps(figures | passed | ratio))
    return 0


if __name__ == "__main__":
    sys.exit(main())
