"""The server's whole work: requests in, durable changes, signed replies out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import TRUST
from shared_schema.limits import DEVICE_BYTES_PER_DAY_MAX, DEVICE_CHANGES_PER_DAY_MAX
from shared_schema.sync.card_trust import trust_of
from shared_schema.sync.change import Change, decode
from shared_schema.sync.compose import Outcome, SentRun
from shared_schema.sync.receive import Incoming, IncomingRun, read_request
from shared_schema.sync.run import Offered
from sync_server.policy import CityScopes, GrantBook
from sync_server.services.intake import Intake, Quota
from sync_server.services.replies import Replies
from sync_server.storage.base import Store

DEFAULT_QUOTA = Quota(DEVICE_CHANGES_PER_DAY_MAX, DEVICE_BYTES_PER_DAY_MAX)


class ExchangeService:
    """One city's mailbox over a store.

    `admit` must not be called from two threads at once; `reply` may run beside it.
    """

    def __init__(
        self,
        store: Store,
        signer: Signer,
        card: Card,
        clock: Callable[[], int],
        quota: Quota = DEFAULT_QUOTA,
    ) -> None:
        """Load the grants; put the card's own trust changes into an empty store."""
        self._store = store
        self._card = card
        self._clock = clock
        self._quota = quota
        self._scopes = CityScopes(card)
        self._book = GrantBook()
        self._replies = Replies(card, signer, self._book)
        self._lock = Lock()
        self._load_trust()
        self._seed_trust()

    def handle(self, raw: bytes) -> bytes:
        """Answer one request: decode, commit, reply.

        Raises:
            ProtocolError: the bytes are no request; see `receive.read_request`.
        """
        incoming = read_request(raw)
        (outcomes,) = self.admit([incoming]) if incoming.runs else [[]]
        return self.reply(incoming, outcomes)

    def admit(self, requests: Sequence[Incoming]) -> list[list[list[Outcome]]]:
        """Make the changes of many requests durable in one commit; outcomes in the same order."""
        with self._lock:
            before = self._book.saved()
            try:
                with self._store.write() as writer:
                    intake = Intake(writer, self._card, self._scopes, self._book, self._clock())
                    outcomes = [intake.admit(incoming, self._quota) for incoming in requests]
                    intake.finish()
            except BaseException:
                self._book.restore(before)  # what did not happen grants nothing
                raise
            return outcomes

    def reply(self, incoming: Incoming, outcomes: Sequence[Sequence[Outcome]]) -> bytes:
        """The signed reply to a request whose changes have been admitted."""
        with self._store.read() as reader:
            return self._replies.reply(reader, incoming, outcomes, self._clock())

    def probe(self) -> None:
        """Touch the store; raises whatever its driver raises when it does not answer."""
        with self._store.read() as reader:
            reader.feed(self._scopes.ids[TRUST])

    def _load_trust(self) -> None:
        with self._store.read() as reader:
            stored = reader.trust_changes(self._scopes.ids[TRUST])
        self._book.add((decode(raw), received) for _, raw, received in stored)

    def _seed_trust(self) -> None:
        changes = trust_of(self._card)
        runs = tuple(_card_run(key, change) for key, change in changes)
        if not runs:
            return
        with self._lock, self._store.write() as writer:
            intake = Intake(writer, self._card, self._scopes, self._book, self._clock())
            for run in runs:
                intake.admit_run(run, run.sent.device, self._quota)
            intake.finish()


def _card_run(public_key: bytes, change: Change) -> IncomingRun:
    """A change of the card as a run of its own; `trust_of` has checked it."""
    sent = SentRun(change.scope, change.device, change.seq, (change.id,))
    size = len(change.raw)
    offered = Offered(change.device, change.scope, change.seq, change.id, change, True, size)
    return IncomingRun(public_key, sent, (offered,))
