"""Make the golden vectors: `python -m tests.vectors.generate [--reseal]`.

Everything is computed from fixed keys, except sealed bodies: HPKE draws an ephemeral key of its
own, so those were made once and are kept; `--reseal` makes new ones. Vectors change only together
with the protocol's version: a change here that is not meant is a break with clients in the field.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from shared_schema.crypto import packing, padding, sealing
from shared_schema.crypto.signing import Signer
from shared_schema.ids import MAIL, NEWS, city_id, device_id, feed_id, scope_id
from shared_schema.records import appeal, news
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.sync import digest
from shared_schema.sync.bundle import Section, Want, encode_reply, encode_section
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, decode, finish, header_of
from shared_schema.sync.compose import (
    Outcome,
    Outgoing,
    compose_request,
    make_statement,
    receipts_for,
)
from shared_schema.sync.run import Entry, gather
from shared_schema.sync.statement import Head, HeadSubject, Proof, Reason, Status

FOLDER: Final = Path(__file__).parent / "data"
AUTHOR: Final = Signer(bytes(range(32)))
NEWSROOM: Final = Signer(bytes(range(32, 64)))
SERVER: Final = Signer(bytes(range(64, 96)))
CITY: Final = city_id(b"the first root metadata of the vectors' city")
THREAD_SECRET: Final = bytes(range(96, 128))
QUEUE_SECRET: Final = bytes(range(128, 160))
QUEUE: Final = sealing.QueueKey(1, sealing.queue_public_key(QUEUE_SECRET))
NOW_MS: Final = 1_790_000_000_000
OPENED: Final = appeal.Opened(
    "appeal", "complaint", "Немає води", "Третій день немає води.", "water", "вул. Садова, 5",
    "Центр", "Олена Коваль", "+380501234567",
)  # fmt: skip


def news_changes(count: int = 3) -> list[Change]:
    """Public changes of one stream, chained."""
    changes: list[Change] = []
    prev = NO_PREV
    for seq in range(1, count + 1):
        kind = BY_NAME["news.published"]
        place = Place(scope_id(CITY, NEWS), seq, prev, (NOW_MS + seq) << 16)
        header = header_of(NEWSROOM.device, place, Draft(kind.number, 1, None, False, seq % 4))
        payload = news.Published(f"Новина {seq}", "Воду підвезуть о 18:00.", "water", "Центр")
        changes.append(finish(NEWSROOM, header, encode_payload(payload, sealed=False)))
        prev = changes[-1].id
    return changes


def seal_appeal() -> Change:
    """A sealed appeal; different every time."""
    kind = BY_NAME["appeal.opened"]
    place = Place(scope_id(CITY, "queue/general"), 1, NO_PREV, NOW_MS << 16)
    header = header_of(AUTHOR.device, place, Draft(kind.number, 1, None, True, 1))
    packed = encode_payload(OPENED, sealed=True)
    return finish(AUTHOR, header, sealing.seal_opening(THREAD_SECRET, (QUEUE,), header, packed))


def entry(signer: Signer, change: Change, version: int = 0) -> Entry:
    """A change as it is offered, or as it stands in a feed."""
    received = NOW_MS if version else 0
    return Entry(
        version, received, signer.public_key, change.device, change.scope, change.seq, change.id,
        change.raw,
    )  # fmt: skip


def request(sealed: Change) -> Outgoing:
    """A request that offers the sealed appeal and asks for two feeds."""
    wants = (Want(NEWS, 5, [(2, 3)], 50), Want(MAIL))
    return compose_request(AUTHOR, wants, [entry(AUTHOR, sealed)], 65536)


def answer(asked: Outgoing, changes: list[Change]) -> tuple[bytes, Proof]:
    """The server's reply, and its statement as a proof."""
    state = digest.add(digest.EMPTY, [change.id for change in changes])
    feeds = [feed_id(CITY, name, AUTHOR.device) for name in (NEWS, MAIL)]
    outcomes = [Outcome(Status.ACCEPTED, Reason.OK, 7, NOW_MS)]
    heads = [Head(0, 3, digest.finish(state)), Head(1, 0, b"")]
    subjects = [
        HeadSubject(feeds[0], digest.finish(state)),
        HeadSubject(feeds[1], digest.finish(digest.EMPTY)),
    ]
    proof = make_statement(
        SERVER, asked.id, NOW_MS, receipts_for(0, asked.runs[0], outcomes), (heads, subjects)
    )
    devices: dict[bytes, int] = {}
    runs = gather([entry(NEWSROOM, c, v) for v, c in enumerate(changes, 1)], devices)
    section = encode_section(Section(NEWS, runs))
    return encode_reply(list(devices), [section], proof.statement, proof.signature), proof


def describe(change: Change) -> dict[str, Any]:
    """A change's bytes and what is to be read from them."""
    return {
        "raw": change.raw.hex(), "id": change.id.hex(), "device": change.device.hex(),
        "scope": change.scope.hex(), "seq": change.seq, "prev": change.prev.hex(),
        "flags": change.flags, "time": change.time, "kind": change.kind,
        "kind_version": change.kind_version, "record": change.record.hex(),
        "body": change.body.hex(),
    }  # fmt: skip


def identifiers() -> dict[str, str]:
    """Every identifier of the vectors' city."""
    return {
        "public_key": AUTHOR.public_key.hex(),
        "device": device_id(AUTHOR.public_key).hex(),
        "city": CITY.hex(),
        "scope_news": scope_id(CITY, NEWS).hex(),
        "scope_queue_general": scope_id(CITY, "queue/general").hex(),
        "feed_mail": feed_id(CITY, MAIL, AUTHOR.device).hex(),
    }


def small() -> dict[str, Any]:
    """Packing, padding and digests."""
    texts = ["Немає води", "ok", "Дякуємо 😀", ""]
    return {
        "packed_open": [[text, packing.pack_open(text).hex()] for text in texts],
        "packed_sealed": [
            [text, packing.pack_sealed(text).hex()] for text in ("Немає води у будинку. " * 6,)
        ],
        "padded_length": [[n, padding.padded_length(n)] for n in (1, 96, 97, 200, 1000, 9999)],
        "padded": [["78797a", padding.pad(b"xyz").hex()]],
        "digest": [
            [[bytes([n] * 32).hex() for n in range(count)],
             digest.finish(digest.add(digest.EMPTY, [bytes([n] * 32) for n in range(count)])).hex()]
            for count in (0, 1, 3)
        ],
    }  # fmt: skip


def make(sealed: Change) -> dict[str, Any]:
    """All vectors, by file name."""
    changes = news_changes()
    asked = request(sealed)
    reply, proof = answer(asked, changes)
    parts = sealing.split_sealed(sealed.body)
    return {
        "ids": identifiers(),
        "small": small(),
        "changes": [describe(change) for change in (*changes, sealed)],
        "bundles": {
            "request": asked.raw.hex(), "request_id": asked.id.hex(), "reply": reply.hex(),
            "statement": proof.statement.hex(), "context": proof.context.hex(),
            "signature": proof.signature.hex(), "server_key": SERVER.public_key.hex(),
            "change_ids": [change.id.hex() for change in changes],
        },
        "sealing": {
            "raw": sealed.raw.hex(), "header": sealed.header.hex(), "salt": parts.salt.hex(),
            "thread_secret": THREAD_SECRET.hex(), "queue_secret": QUEUE_SECRET.hex(),
            "thread_key": sealing.derive_thread_key(THREAD_SECRET, parts.salt).hex(),
            "payload": encode_payload(OPENED, sealed=False)[1:].decode("cp1251"),
        },
    }  # fmt: skip


def kept_appeal() -> Change:
    """The sealed appeal of the vectors on disk."""
    document = json.loads((FOLDER / "sealing.json").read_text(encoding="utf-8"))
    return decode(bytes.fromhex(document["raw"]))


def main() -> None:
    """Write the vectors."""
    FOLDER.mkdir(exist_ok=True)
    sealed = seal_appeal() if "--reseal" in sys.argv else kept_appeal()
    for name, document in make(sealed).items():
        text = json.dumps(document, ensure_ascii=False, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
