"""A city for the client's tests: the real server's service behind a transport without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from client.services.exchange import Exchange
from client.services.news import Newsroom
from client.services.replica import Replica
from client.services.types import ExchangeResult
from client.transports.http import Unreachable
from misto.city import MAIN_QUEUE, init_city
from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import TRUST, scope_id
from shared_schema.records.appeal import Opened
from shared_schema.records.kinds import BY_PAYLOAD, encode_payload
from shared_schema.records.trust import Payload
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, decode, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.run import Entry
from sync_server.services.carrying import carry
from sync_server.services.exchange import ExchangeService
from sync_server.storage.sql import SqlStore

START_MS = 1_790_000_000_000


class Clock:
    """A clock that tests turn."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


class Loopback:
    """A transport to a service in the same process, with accidents on demand."""

    def __init__(self, handle: Callable[[bytes], bytes]) -> None:
        self.handle = handle
        self.sent: list[bytes] = []
        self.before: Callable[[bytes], None] = lambda raw: None
        self.after: Callable[[bytes], bytes] = lambda raw: raw

    def post(self, raw: bytes) -> bytes:
        self.before(raw)
        self.sent.append(raw)
        return self.after(self.handle(raw))

    def lose_next_reply(self) -> None:
        """The server gets the next request and commits it; its reply never arrives."""

        def lost(raw: bytes) -> bytes:
            self.after = lambda raw: raw
            raise Unreachable("the connection broke")

        self.after = lost


class Doors(Loopback):
    """A transport to both of a server's doors."""

    def __init__(self, city: City) -> None:
        super().__init__(lambda raw: city.service.handle(raw))
        self._city = city

    def carry(self, raw: bytes) -> bytes:
        self.before(raw)
        self.sent.append(raw)
        return self.after(carry(self._city.service, self._city.card.city, raw))


class City:
    """A city with its server, desk, newsroom and residents."""

    def __init__(self, folder: Path, queues: tuple[str, ...] = (MAIN_QUEUE,)) -> None:
        self.folder = folder
        self.clock = Clock()
        self.card: Card = init_city(
            folder / "city", "Надріччя", servers=("http://city.example",), districts=("Центр",),
            queues=queues,
        )  # fmt: skip
        self.server_signer = Signer(bytes.fromhex((folder / "city" / "server.key").read_text()))
        self.enrolment = Signer(
            bytes.fromhex((folder / "city" / "keys" / "enrolment.key").read_text())
        )
        self.store = SqlStore(f"sqlite:///{folder / 'server.db'}")
        self.service = self.new_service(self.store)
        self._trust = [decode(raw) for _, raw in self.card.trust]

    def new_service(self, store: SqlStore) -> ExchangeService:
        return ExchangeService(store, self.server_signer, self.card, self.clock)

    def transport(self) -> Loopback:
        return Loopback(lambda raw: self.service.handle(raw))

    def doors(self) -> Doors:
        return Doors(self)

    @contextmanager
    def resident(self, name: str = "resident") -> Iterator[Replica]:
        """A resident's device, made when it is new and opened when it is not."""
        folder = self.folder / name
        if (folder / "device.keys").exists():
            replica = Replica.open(folder, clock=self.clock)
        else:
            replica = Replica.create(folder, self.card.raw, clock=self.clock)
        with replica:
            yield replica

    @contextmanager
    def profile(self, name: str) -> Iterator[Replica]:
        """The city's own `desk`, `newsroom`, `editor` or `enrolment`."""
        folder = self.folder / "city" / "profiles" / name
        with Replica.open(folder, clock=self.clock) as replica:
            yield replica

    def sign_alerts(self, replica: Replica) -> None:
        """The second person signs what the newsroom's device has called urgent."""
        self.exchange(replica)
        with self.profile("editor") as editor:
            self.exchange(editor)
            room = Newsroom(editor)
            for alert in room.awaiting():
                room.confirm(alert.record, alert)
            self.exchange(editor)
        self.exchange(replica)

    def exchange(self, replica: Replica) -> ExchangeResult:
        """One undisturbed exchange."""
        return Exchange(replica, self.transport()).once()

    def trust_change(self, payload: Payload) -> Change:
        """The enrolment key's next trust change."""
        kind = BY_PAYLOAD[type(payload)]
        last = self._trust[-1] if self._trust else None
        place = Place(
            scope_id(self.card.city, TRUST),
            last.seq + 1 if last else 1,
            last.id if last else NO_PREV,
            (last.time if last else 0) + 1,
        )
        header = header_of(
            self.enrolment.device, place, Draft(kind.number, kind.version, None, kind.sealed)
        )
        change = finish(self.enrolment, header, encode_payload(payload, sealed=False))
        self._trust.append(change)
        return change


def an_appeal(text: str = "Третій день немає води у всьому під’їзді.", **fields: str) -> Opened:
    """An appeal, as a resident would write it."""
    given = {"category": "water", "address": "вул. Садова, 5", **fields}
    return Opened("appeal", "complaint", "Немає води", text, **given)


def files_of(folder: Path) -> bytes:
    """All that a profile has on disk, WAL and temporary files included."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def publish_trust(city: City, payload: Payload) -> None:
    """Bring a trust change to the server by a request of the enrolment key itself."""
    change = city.trust_change(payload)
    signer = city.enrolment
    entry = Entry(
        0, 0, signer.public_key, signer.device, change.scope, change.seq, change.id, change.raw
    )
    city.service.handle(compose_request(signer, [], [entry]).raw)
