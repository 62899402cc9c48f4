"""Whom a fresh install trusts, and who may write what."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root, Targets

from shared_schema.crypto.card import Card, CityFacts, make_card, read_card, with_trust
from shared_schema.crypto.sealing import QueueKey
from shared_schema.crypto.signing import Signer
from shared_schema.errors import CardError
from shared_schema.ids import NEWS, TRUST, scope_id
from shared_schema.records.kinds import BY_NAME, INTERNAL, KINDS
from shared_schema.sync.card_trust import trust_of
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.policy import Opening, Standing, judge
from shared_schema.sync.statement import Reason, Status

SERVER, ENROLMENT, STRANGER = Signer(b"\3" * 32), Signer(b"\4" * 32), Signer(b"\5" * 32)
DESK, NEWSROOM, AUTHOR = Signer(b"\6" * 32), Signer(b"\7" * 32), Signer(b"\x08" * 32)
ROOT, TARGETS = CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519()
FACTS = CityFacts("Надріччя", ("http://city",), ("Центр",), {"general": QueueKey(1, b"q" * 32)})
ROLES = {"receipts": SERVER.public_key, "enrolment": ENROLMENT.public_key}
RAW = make_card(ROOT, TARGETS, ROLES, FACTS, datetime(2026, 8, 24, tzinfo=UTC))
CITY = read_card(RAW).city
QUEUE = "queue/general"
RECORD = b"r" * 16


def write(
    name: str, signer: Signer, *, scope: str, record: bytes | None = RECORD, sealed: bool = True,
    version: int = 1,
) -> Change:  # fmt: skip
    kind = BY_NAME[name]
    place = Place(scope_id(CITY, scope), 1, NO_PREV, 1)
    draft = Draft(kind.number, version, record, sealed)
    return finish(signer, header_of(signer.device, place, draft), b"")


def test_a_card_tells_what_the_city_said() -> None:
    card = read_card(RAW)
    assert card.facts == FACTS
    assert card.server_keys == (SERVER.public_key,)
    assert card.enrolment_devices == {ENROLMENT.device}
    assert card.main_queue == "general"
    assert card.expires_at_ms == int(datetime(2027, 8, 24, tzinfo=UTC).timestamp() * 1000)


def edit(**changes: object) -> bytes:
    return json.dumps({**json.loads(RAW), **changes}).encode()


FORGED = {
    "facts": edit(targets=json.loads(RAW)["targets"].replace("http://city", "http://evil")),
    "server key": edit(
        targets=json.loads(RAW)["targets"].replace(
            SERVER.public_key.hex(), STRANGER.public_key.hex()
        )
    ),
    "root": edit(roots=[json.loads(RAW)["roots"][0].replace('"version":1', '"version":2')]),
    "no root": edit(roots=[]),
    "format": edit(format="misto.card/9"),
    "garbage": b"\xff\x00",
    "not an object": b"[]",
    "deep": b"[" * 100_000,
    "large": b" " * 300_000,
    "bad trust": edit(trust=[["zz", "00"]]),
}


@pytest.mark.parametrize("raw", FORGED.values(), ids=FORGED.keys())
def test_a_forged_or_damaged_card_is_refused(raw: bytes) -> None:
    with pytest.raises(CardError):
        read_card(raw)


def test_targets_signed_by_another_city_s_key_are_refused() -> None:
    other = make_card(
        CryptoSigner.generate_ed25519(), CryptoSigner.generate_ed25519(), ROLES, FACTS,
        datetime(2026, 8, 24, tzinfo=UTC),
    )  # fmt: skip
    with pytest.raises(CardError):
        read_card(edit(targets=json.loads(other)["targets"]))
    assert read_card(other).city != CITY


def rotated(*signers: CryptoSigner, version: int = 2) -> bytes:
    old = Metadata[Root].from_bytes(json.loads(RAW)["roots"][0].encode())
    new = old.signed
    new.version = version
    successor = CryptoSigner.generate_ed25519()
    new.add_key(successor.public_key, "root")
    new.revoke_key(ROOT.public_key.keyid, "root")
    metadata = Metadata(new)
    for signer in (*signers, successor):
        metadata.sign(signer, append=True)
    return edit(roots=[json.loads(RAW)["roots"][0], metadata.to_bytes().decode()])


def test_a_root_rotated_by_the_old_and_the_new_key_keeps_the_city() -> None:
    card = read_card(rotated(ROOT))
    assert card.city == CITY
    assert card.facts == FACTS


def test_a_root_rotated_without_the_old_key_or_with_a_gap_is_refused() -> None:
    with pytest.raises(CardError):
        read_card(rotated())
    with pytest.raises(CardError):
        read_card(rotated(ROOT, version=3))


def with_threshold(*signers: CryptoSigner) -> bytes:
    """A card whose root and targets want two signatures, signed by these."""
    second = CryptoSigner.generate_ed25519()
    document = json.loads(RAW)
    root = Metadata[Root].from_bytes(document["roots"][0].encode()).signed
    targets = Metadata[Targets].from_bytes(document["targets"].encode()).signed
    for role in ("root", "targets"):
        root.add_key(ROOT.public_key, role)
        root.add_key(second.public_key, role)
        root.roles[role].threshold = 2
    parts: list[Metadata[Root] | Metadata[Targets]] = [Metadata(root), Metadata(targets)]
    for part in parts:
        for signer in (*signers, second):
            part.sign(signer, append=True)
    signed_root, signed_targets = (part.to_bytes().decode() for part in parts)
    return edit(roots=[signed_root], targets=signed_targets)


def test_a_role_that_wants_two_signatures_is_not_content_with_one() -> None:
    assert read_card(with_threshold(ROOT)).facts == FACTS
    for signers in ((), (CryptoSigner.generate_ed25519(),)):
        with pytest.raises(CardError):
            read_card(with_threshold(*signers))


def test_a_card_must_have_a_queue_with_a_whole_key() -> None:
    for queues in ({}, {"general": QueueKey(1, b"q" * 31)}):
        facts = CityFacts("Надріччя", (), (), queues)
        with pytest.raises(CardError):
            read_card(make_card(ROOT, TARGETS, ROLES, facts, datetime(2026, 8, 24, tzinfo=UTC)))


def test_a_card_that_delegates_to_nobody_is_refused() -> None:
    targets = Metadata[Targets].from_bytes(json.loads(RAW)["targets"].encode())
    targets.signed.delegations = None
    targets.sign(TARGETS)
    with pytest.raises(CardError):
        read_card(edit(targets=targets.to_bytes().decode()))


def carrying(signer: Signer, raw: bytes) -> Card:
    return read_card(with_trust(RAW, [(signer.public_key, raw)]))


def test_trust_changes_on_a_card_must_be_by_its_enrolment_keys() -> None:
    granted = write("trust.granted", ENROLMENT, scope=TRUST, record=None, sealed=False)
    assert trust_of(carrying(ENROLMENT, granted.raw)) == [(ENROLMENT.public_key, granted)]
    fake = write("trust.granted", STRANGER, scope=TRUST, record=None, sealed=False)
    flipped = granted.raw[:-1] + bytes((granted.raw[-1] ^ 1,))
    for signer, raw in ((STRANGER, fake.raw), (ENROLMENT, flipped), (ENROLMENT, b"short")):
        with pytest.raises(CardError):
            trust_of(carrying(signer, raw))


class Facts:
    """What is known in the table below: one desk, one newsroom, one record opened by AUTHOR."""

    def __init__(self, opening: Opening | None) -> None:
        self.known = opening

    def scope_name(self, scope: bytes) -> str | None:
        names = (TRUST, NEWS, QUEUE, "weather")
        return {scope_id(CITY, name): name for name in names}.get(scope)

    def role(self, device: bytes, scope: str, seq: int) -> str | None:
        return {(DESK.device, QUEUE): "desk", (NEWSROOM.device, NEWS): "newsroom"}.get(
            (device, scope)
        )

    def enrols(self, device: bytes) -> bool:
        return device == ENROLMENT.device

    def officer(self, device: bytes, scope: str) -> bool:
        return self.role(device, scope, 1) == "desk"

    def invitation(self, key: bytes, device: bytes) -> Standing:
        return "unknown"

    def opening(self, record: bytes) -> Opening | None:
        return self.known


OPENED_HERE = Opening(scope_id(CITY, QUEUE), AUTHOR.device)
OPENED_NEWS = Opening(scope_id(CITY, NEWS), NEWSROOM.device)
OK = (Status.ACCEPTED, Reason.OK)
NOT_ALLOWED = (Status.REFUSED, Reason.NOT_ALLOWED)
TABLE = [
    (write("appeal.opened", AUTHOR, scope=QUEUE, record=None), None, OK),
    (write("appeal.opened", DESK, scope=QUEUE, record=None), None, OK),
    (
        write("appeal.opened", AUTHOR, scope=QUEUE, record=None, sealed=False), None,
        (Status.REFUSED, Reason.MUST_BE_SEALED),
    ),
    (write("appeal.opened", AUTHOR, scope=QUEUE), None, (Status.REFUSED, Reason.WRONG_RECORD)),
    (write("appeal.opened", AUTHOR, scope=NEWS, record=None), None, NOT_ALLOWED),
    (
        write("appeal.opened", AUTHOR, scope="weather", record=None), None,
        (Status.REFUSED, Reason.UNKNOWN_SCOPE),
    ),
    (
        write("appeal.opened", AUTHOR, scope="queue/other", record=None), None,
        (Status.REFUSED, Reason.UNKNOWN_SCOPE),
    ),
    (write("appeal.amended", AUTHOR, scope=QUEUE), OPENED_HERE, OK),
    (
        write("appeal.amended", STRANGER, scope=QUEUE), OPENED_HERE,
        (Status.REFUSED, Reason.NOT_OPENER),
    ),
    (
        write("appeal.amended", AUTHOR, scope=QUEUE), None,
        (Status.HELD, Reason.MISSING_PARENT),
    ),
    (
        write("appeal.amended", AUTHOR, scope=QUEUE), OPENED_NEWS,
        (Status.REFUSED, Reason.WRONG_RECORD),
    ),
    (write("appeal.withdrawn", AUTHOR, scope=QUEUE), OPENED_HERE, OK),
    (
        write("appeal.commented", DESK, scope=QUEUE), OPENED_HERE,
        (Status.REFUSED, Reason.NOT_OPENER),
    ),
    (write("desk.registered", DESK, scope=QUEUE), OPENED_HERE, OK),
    (write("desk.registered", AUTHOR, scope=QUEUE), OPENED_HERE, NOT_ALLOWED),
    (write("desk.replied", NEWSROOM, scope=QUEUE), OPENED_HERE, NOT_ALLOWED),
    (write("desk.status", DESK, scope=QUEUE), None, (Status.HELD, Reason.MISSING_PARENT)),
    (write("desk.noted", DESK, scope=QUEUE), OPENED_HERE, OK),
    (write("desk.noted", DESK, scope=QUEUE), None, (Status.HELD, Reason.MISSING_PARENT)),
    (write("desk.noted", AUTHOR, scope=QUEUE), OPENED_HERE, NOT_ALLOWED),
    (write("desk.merged", NEWSROOM, scope=QUEUE), OPENED_HERE, NOT_ALLOWED),
    (
        write("desk.assigned", DESK, scope=QUEUE, sealed=False), OPENED_HERE,
        (Status.REFUSED, Reason.MUST_BE_SEALED),
    ),
    (write("desk.extended", AUTHOR, scope=QUEUE), OPENED_HERE, NOT_ALLOWED),
    (write("news.published", NEWSROOM, scope=NEWS, record=None, sealed=False), None, OK),
    (write("news.published", DESK, scope=NEWS, record=None, sealed=False), None, NOT_ALLOWED),
    (
        write("news.published", NEWSROOM, scope=NEWS, record=None), None,
        (Status.REFUSED, Reason.MUST_BE_OPEN),
    ),
    (write("news.corrected", NEWSROOM, scope=NEWS, sealed=False), OPENED_NEWS, OK),
    (write("news.withdrawn", AUTHOR, scope=NEWS, sealed=False), OPENED_NEWS, NOT_ALLOWED),
    (write("trust.granted", ENROLMENT, scope=TRUST, record=None, sealed=False), None, OK),
    (write("trust.granted", DESK, scope=TRUST, record=None, sealed=False), None, NOT_ALLOWED),
    (write("trust.granted", ENROLMENT, scope=NEWS, record=None, sealed=False), None, NOT_ALLOWED),
    (
        write("appeal.opened", STRANGER, scope=QUEUE, record=None, version=9), None,
        (Status.HELD, Reason.NEWER),
    ),
    (
        write("news.published", NEWSROOM, scope=NEWS, record=None, version=9), None,
        (Status.HELD, Reason.NEWER),
    ),
    (write("news.published", STRANGER, scope=NEWS, record=None, version=9), None, NOT_ALLOWED),
    (write("trust.granted", STRANGER, scope=TRUST, record=None, version=9), None, NOT_ALLOWED),
]  # fmt: skip


@pytest.mark.parametrize(("change", "opening", "verdict"), TABLE, ids=range(len(TABLE)))
def test_who_may_write_what(
    change: Change, opening: Opening | None, verdict: tuple[Status, Reason]
) -> None:
    assert judge(change, Facts(opening)) == verdict


def test_reserved_flags_are_from_the_future_and_held() -> None:
    change = write("appeal.opened", AUTHOR, scope=QUEUE, record=None)
    header = bytearray(change.header)
    header[69] |= 0x40
    newer = finish(AUTHOR, bytes(header), b"")
    assert judge(newer, Facts(None)) == (Status.HELD, Reason.NEWER)


def test_what_is_internal_is_sealed_and_said_by_desks_in_their_queues() -> None:
    """So no row that is added to the table can put an officer's note into the open."""
    internal = [kind for kind in KINDS if kind.internal]
    assert {kind.number for kind in internal} == INTERNAL
    for kind in internal:
        assert (kind.sealed, kind.writer, kind.scope, kind.opens) == (True, "desk", "queue", False)
    assert len({kind.number for kind in KINDS}) == len(KINDS)
