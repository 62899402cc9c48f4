"""A small city for server tests: its keys, its card, and authors who sign changes by hand.

Nothing here uses the client, so that a fault on that side cannot hide one on this side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner

from shared_schema.crypto.card import CityFacts, make_card, read_card, with_trust
from shared_schema.crypto.sealing import QueueKey, new_queue_secret, queue_public_key, seal_later
from shared_schema.crypto.sealing import seal_opening as seal_first
from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST, feed_id, scope_id
from shared_schema.records import appeal, news, trust
from shared_schema.records.kinds import BY_NAME, Kind, encode_payload
from shared_schema.sync import digest
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.compose import Outgoing, compose_request
from shared_schema.sync.receive import Answer, Held, read_reply
from shared_schema.sync.run import Entry
from sync_server.services.exchange import DEFAULT_QUOTA, ExchangeService
from sync_server.services.intake import Quota
from sync_server.storage.sql import SqlStore

QUEUE = "queue/general"
NOW_MS = 1_790_000_000_000
THREAD_KEY = b"k" * 32


@dataclass
class Author:
    """A device that signs changes: one stream a scope, chained as a real one's."""

    city: bytes
    queue: QueueKey
    signer: Signer = field(default_factory=lambda: Signer.generate()[0])
    ends: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    clock: int = NOW_MS << 16

    def write(
        self,
        name: str,
        body: bytes,
        record: bytes | None = None,
        *,
        scope: str = QUEUE,
        urgency: int = 0,
    ) -> Change:
        """A change of the named kind with this body, at the end of the stream."""
        kind = BY_NAME[name]
        return self.write_raw(
            kind, Draft(kind.number, 1, record, kind.sealed, urgency), body, scope
        )

    def write_raw(self, kind: Kind, draft: Draft, body: bytes, scope: str) -> Change:
        """A change whose header says what the draft says, right or wrong."""
        seq, prev = self.ends.get(scope, (0, NO_PREV))
        self.clock += 1 << 16
        place = Place(scope_id(self.city, scope), seq + 1, prev, self.clock)
        header = header_of(self.signer.device, place, draft)
        if kind.sealed and draft.sealed:
            body = self._sealed(header, body, draft.record is None)
        change = finish(self.signer, header, body)
        self.ends[scope] = (seq + 1, change.id)
        return change

    def appeal(self, title: str = "Немає води", urgency: int = 0) -> Change:
        """An `appeal.opened` in the general queue."""
        payload = appeal.Opened("signal", "", title, "Третій день немає води.")
        return self.write("appeal.opened", encode_payload(payload, sealed=True), urgency=urgency)

    def news(self, title: str = "Вода буде о 18:00", urgency: int = 0) -> Change:
        """A `news.published`."""
        payload = news.Published(title, "Підвезення води на площі.")
        body = encode_payload(payload, sealed=False)
        return self.write("news.published", body, scope=NEWS, urgency=urgency)

    def reply(self, record: bytes, text: str = "Бригада вже їде.") -> Change:
        """A `desk.replied` to a record."""
        return self.write("desk.replied", encode_payload(appeal.Replied(text), sealed=True), record)

    def grant(self, other: Author, role: trust.Role, scope: str) -> Change:
        """A `trust.granted` for another device."""
        payload = trust.Granted(other.signer.public_key.hex(), role, scope)
        return self.write("trust.granted", encode_payload(payload, sealed=False), scope=TRUST)

    def revoke(self, other: Author, role: trust.Role, scope: str, last_seq: int) -> Change:
        """A `trust.revoked` for another device."""
        payload = trust.Revoked(other.signer.device.hex(), role, scope, last_seq)
        return self.write("trust.revoked", encode_payload(payload, sealed=False), scope=TRUST)

    def entry(self, change: Change) -> Entry:
        """The change as it is offered."""
        key = self.signer.public_key
        return Entry(0, 0, key, change.device, change.scope, change.seq, change.id, change.raw)

    def _sealed(self, header: bytes, packed: bytes, opening: bool) -> bytes:
        if opening:
            return seal_first(b"s" * 32, (self.queue,), header, packed)
        return seal_later(THREAD_KEY, header, packed)


class Town:
    """A city with a desk and a newsroom, and its server on a store."""

    def __init__(self, folder: Path, url: str | None = None, quota: Quota = DEFAULT_QUOTA) -> None:
        """Make the keys, the card and the server; SQLite in `folder` unless a URL is given."""
        self.folder = folder
        self.quota = quota
        self.server, self.server_seed = Signer.generate()
        self.queue = QueueKey(1, queue_public_key(new_queue_secret()))
        enrolment, _ = Signer.generate()
        roles = {"receipts": self.server.public_key, "enrolment": enrolment.public_key}
        facts = CityFacts("Надріччя", (), ("Центр",), {"general": self.queue})
        root, targets = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
        bare = make_card(root, targets, roles, facts, datetime.now(UTC))
        self.city = read_card(bare).city
        self.enrolment = Author(self.city, self.queue, enrolment)
        self.desk, self.newsroom, self.resident = self.author(), self.author(), self.author()
        grants = (
            self.enrolment.grant(self.desk, "desk", QUEUE),
            self.enrolment.grant(self.newsroom, "newsroom", NEWS),
        )
        key = enrolment.public_key
        self.card = read_card(with_trust(bare, [(key, grant.raw) for grant in grants]))
        self.now_ms = NOW_MS
        self.url = url or f"sqlite:///{folder / 'server.db'}"
        self.store = SqlStore(self.url)
        self.service = self.open_service()

    def open_service(self) -> ExchangeService:
        """A service on the store, as after a restart."""
        return ExchangeService(self.store, self.server, self.card, lambda: self.now_ms, self.quota)

    def author(self) -> Author:
        """Another device."""
        return Author(self.city, self.queue)

    def ask(
        self, author: Author, *changes: Change, wants: tuple[Want, ...] = (), budget: int = 0
    ) -> Outgoing:
        """A request by a device that offers its own changes."""
        entries = [author.entry(change) for change in changes]
        return compose_request(author.signer, wants, entries, budget)

    def answer(self, author: Author, asked: Outgoing) -> Answer:
        """What the server answers, checked as a fresh device would."""
        return self.read(author, asked, self.service.handle(asked.raw))

    def read(self, author: Author, asked: Outgoing, raw: bytes) -> Answer:
        """A reply, checked as a fresh device would."""
        empty = digest.finish(digest.EMPTY)
        held = {
            want.feed: Held(feed_id(self.city, want.feed, author.signer.device), empty)
            for want in asked.wants
        }
        return read_reply(raw, asked, held, self.card.server_keys)

    def exchange(
        self, author: Author, *changes: Change, wants: tuple[Want, ...] = (), budget: int = 0
    ) -> Answer:
        """One exchange of a device that offers its own changes."""
        return self.answer(author, self.ask(author, *changes, wants=wants, budget=budget))
