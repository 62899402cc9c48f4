"""Vectors of what travels: changes, runs, bundles, statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from shared_schema.crypto.signing import Signer
from shared_schema.ids import MAIL, NEWS, TRUST, feed_id
from shared_schema.records.trust import Keyed, Wrap
from shared_schema.sync import digest
from shared_schema.sync.bundle import Section, Want, encode_reply
from shared_schema.sync.change import Change
from shared_schema.sync.compose import (
    Outcome,
    Outgoing,
    compose_request,
    head_for,
    make_statement,
    receipts_for,
)
from shared_schema.sync.run import Run, gather, open_run
from shared_schema.sync.statement import HeadSubject, Proof, Reason, Status, read_statement
from tests.vectors import cast, roll
from tests.vectors.kept import Kept, signer_of

WANTS: Final = (Want(TRUST), Want(NEWS, 9, [(2, 3), (6, 6)], 50), Want(MAIL))
COURIER_WANTS: Final = (Want(TRUST, explain=True), Want(MAIL, explain=True))
PUBLIC_WANTS: Final = (Want(TRUST, explain=True), Want(NEWS, explain=True))
LATER_WANTS: Final = (Want(TRUST, 2), Want(NEWS, 5, [], 0, True), Want(MAIL, 2))
COMMITTED_MS: Final = cast.NOW_MS + 2000


def changes(kept: Kept) -> list[object]:
    """Changes of most kinds, open and sealed."""
    told = (
        *cast.trust_changes(), *cast.news_changes(), *kept.thread, keyed(kept), *roll.changes(),
    )  # fmt: skip
    return [cast.describe(change) for change in told]


def keyed(kept: Kept) -> Change:
    """A new key of the queue, by the enrolment key, after its grants."""
    hand = cast.Hand(cast.ENROLMENT, TRUST, cast.NOW_MS + 100, cast.trust_changes())
    wrap = Wrap(cast.DESK.device.hex(), kept.handed.hex())
    number, key = cast.OTHER_QUEUE.number, cast.OTHER_QUEUE.public_key.hex()
    return hand.say(Keyed("general", number, key, [wrap]))


def runs() -> list[object]:
    """Runs that are whole, that begin in mid-stream, and that were tampered with."""
    news = cast.news_changes()
    (whole,) = gather([cast.entry(cast.NEWSROOM, c, v) for v, c in enumerate(news, 4)], {})
    (later,) = gather([cast.entry(cast.NEWSROOM, c) for c in news[2:]], {})
    bad_last = [*whole.parts[:-1], whole.parts[-1][:-1] + bytes((whole.parts[-1][-1] ^ 1,))]
    bad_third = [*whole.parts[:2], b"\x40" + whole.parts[2][1:], *whole.parts[3:]]
    junk_second = [whole.parts[0], b"junk", *whole.parts[2:]]
    cases = {
        "whole, as in a feed": whole,
        "begins at the third change": later,
        "the last signature is bad": msgspec.structs.replace(whole, parts=bad_last),
        "the third was altered: it and all behind it are lost": msgspec.structs.replace(
            whole, parts=bad_third
        ),
        "the second is no change": msgspec.structs.replace(whole, parts=junk_second),
    }
    return [_run(what, run) for what, run in cases.items()]


def _run(what: str, run: Run) -> dict[str, object]:
    found = open_run(run, cast.NEWSROOM.public_key, cast.NEWSROOM.device)
    return {
        "what": what,
        "public_key": cast.NEWSROOM.public_key.hex(),
        "run": msgspec.msgpack.encode(run).hex(),
        "ids": [each.id.hex() for each in found],
        "decodes": [each.change is not None for each in found],
        "authentic": [each.change is not None and each.authentic for each in found],
    }


def requests(kept: Kept) -> dict[str, Outgoing]:
    """Three requests of the author: nothing to say, two changes in a run, and nothing missing."""
    own = [cast.entry(cast.AUTHOR, change) for change in kept.thread[:2]]
    return {
        "empty": compose_request(cast.AUTHOR, WANTS, []),
        "pushing": compose_request(cast.AUTHOR, WANTS, own, 65_536),
        "up to date": compose_request(cast.AUTHOR, LATER_WANTS, []),
        "for couriers": compose_request(cast.AUTHOR, COURIER_WANTS, own, 262_144),
        "heads alone": compose_request(cast.STRANGER, PUBLIC_WANTS, []),
        "courier": compose_request(
            cast.STRANGER, [], [cast.entry(signer_of(c), c) for c in kept.thread]
        ),
    }


def feeds(kept: Kept) -> dict[str, list[Change]]:
    """What the author's server holds, by feed."""
    return {TRUST: cast.trust_changes(), NEWS: cast.news_changes(), MAIL: list(kept.thread[2:])}


def states(kept: Kept) -> dict[str, bytes]:
    """The digest state of each of these feeds."""
    return {
        name: digest.add(digest.EMPTY, [change.id for change in held])
        for name, held in feeds(kept).items()
    }


def answers(kept: Kept) -> dict[str, tuple[bytes, Proof]]:
    """The server's replies to the first three requests."""
    asked = requests(kept)
    accepted = [Outcome(Status.ACCEPTED, Reason.OK, 7 + i, COMMITTED_MS) for i in range(2)]
    mixed = [Outcome(Status.REFUSED, Reason.MUST_BE_SEALED, 0, 0), accepted[1]]
    everything = feeds(kept)
    return {
        "empty": _answer(kept, asked["empty"], [], everything),
        "pushing": _answer(kept, asked["pushing"], [accepted], everything),
        "for couriers": _answer(kept, asked["for couriers"], [accepted], {MAIL: everything[MAIL]}),
        "heads alone": _answer(kept, asked["heads alone"], [], {}),
        "mixed verdicts": _answer(kept, asked["pushing"], [mixed], {}),
        "up to date": _answer(kept, asked["up to date"], [], {}),
    }


def _answer(
    kept: Kept,
    asked: Outgoing,
    outcomes: Sequence[Sequence[Outcome]],
    sent: dict[str, list[Change]],
) -> tuple[bytes, Proof]:
    full = states(kept)
    names = [want.feed for want in asked.wants]
    subjects = [
        HeadSubject(feed_id(cast.CITY, name, cast.AUTHOR.device), digest.finish(full[name]))
        for name in names
    ]
    heads = [
        head_for(index, want, len(feeds(kept)[want.feed]), subject)
        for index, (want, subject) in enumerate(zip(asked.wants, subjects, strict=True))
    ]
    receipts, about = [], []
    for index, (run, verdicts) in enumerate(zip(asked.runs, outcomes, strict=True)):
        more, them = receipts_for(index, run, verdicts)
        receipts += more
        about += them
    proof = make_statement(
        cast.SERVER, asked.id, COMMITTED_MS + 5, (receipts, about), (heads, subjects)
    )
    devices: dict[bytes, int] = {}
    sections = [_section(name, held, devices) for name, held in sent.items()]
    return encode_reply(list(devices), sections, proof.statement, proof.signature), proof


def _section(name: str, held: Sequence[Change], devices: dict[bytes, int]) -> bytes:
    """A section in its plain form: how well it compresses depends on the library."""
    entries = [cast.entry(signer_of(change), change, v) for v, change in enumerate(held, 1)]
    return b"\0" + msgspec.msgpack.encode(Section(name, gather(entries, devices)))


def statements(kept: Kept) -> list[object]:
    """Proofs: statements with all that is needed to check them offline."""
    return [
        {"what": what, "server_key": cast.SERVER.public_key.hex(), **_proof(proof)}
        for what, (_, proof) in answers(kept).items()
    ]


def _proof(proof: Proof) -> dict[str, object]:
    said = read_statement(proof.statement)
    return {
        "request": proof.request.hex(),
        "statement": proof.statement.hex(),
        "context": proof.context.hex(),
        "signature": proof.signature.hex(),
        "time": said.time,
        "receipts": [list(msgspec.structs.astuple(each)) for each in said.receipts],
        "heads": [[head.want, head.version, head.digest.hex()] for head in said.heads],
    }


def forged(signer: Signer, kept: Kept) -> bytes:
    """The up-to-date reply, signed by somebody else."""
    _, proof = answers(kept)["up to date"]
    message = proof.request + proof.statement + proof.context
    return encode_reply([], [], proof.statement, signer.sign(b"misto/statement/1\0", message))
