"""The code agrees with the vectors, and so does a reader that knows only the protocol page."""

from __future__ import annotations

import json
from typing import Any

import msgpack
import pytest

from shared_schema.crypto import packing, sealing
from shared_schema.ids import device_id
from shared_schema.records.kinds import BY_NAME, decode_payload
from shared_schema.sync.bundle import decode_reply
from shared_schema.sync.change import decode, signature_holds
from shared_schema.sync.receive import read_request
from shared_schema.sync.run import open_run
from shared_schema.sync.statement import Proof, verify_proof
from tests.vectors import generate, second_reader

NAMES = ("ids", "small", "changes", "bundles", "sealing")


def load(name: str) -> Any:
    return json.loads((generate.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_still_makes_the_vectors(name: str) -> None:
    made = generate.make(generate.kept_appeal())
    assert set(made) == set(NAMES)
    assert json.loads(json.dumps(made[name])) == load(name)


def test_changes_read_back() -> None:
    for told in load("changes"):
        assert generate.describe(decode(bytes.fromhex(told["raw"]))) == told


def test_packed_texts_unpack() -> None:
    small = load("small")
    for text, packed in small["packed_open"] + small["packed_sealed"]:
        assert packing.unpack(bytes.fromhex(packed), 10_000) == text


def test_the_request_and_the_proof_verify() -> None:
    told = load("bundles")
    incoming = read_request(bytes.fromhex(told["request"]))
    assert incoming.request.id.hex() == told["request_id"]
    assert all(each.authentic for run in incoming.runs for each in run.offered)
    fields = ("request_id", "statement", "context", "signature")
    proof = Proof(*(bytes.fromhex(told[name]) for name in fields))
    assert verify_proof(proof, [bytes.fromhex(told["server_key"])]).receipts[0].version == 7


def test_the_reply_s_run_is_authentic() -> None:
    reply = decode_reply(bytes.fromhex(load("bundles")["reply"]))
    (run,) = reply.sections[0].runs
    key = reply.keys[run.device]
    found = open_run(run, key, device_id(key))
    assert [each.id.hex() for each in found] == load("bundles")["change_ids"]
    assert all(each.authentic for each in found)


def test_the_sealed_appeal_opens_for_its_author_and_for_the_desk() -> None:
    told = load("sealing")
    change = decode(bytes.fromhex(told["raw"]))
    assert signature_holds(change, generate.AUTHOR.public_key)
    parts = sealing.split_sealed(change.body)
    own = sealing.derive_thread_key(bytes.fromhex(told["thread_secret"]), parts.salt)
    desk = sealing.unwrap_thread_key(
        bytes.fromhex(told["queue_secret"]), parts.wraps[0][1], change.header
    )
    assert own.hex() == desk.hex() == told["thread_key"]
    packed = sealing.open_sealed(own, change.header, change.body)
    assert decode_payload(BY_NAME["appeal.opened"], packed) == generate.OPENED


def test_a_stranger_with_the_page_reads_the_request() -> None:
    told = load("bundles")
    sender, payload = second_reader.read_request(bytes.fromhex(told["request"]))
    assert sender == generate.AUTHOR.public_key
    assert payload[1][0][:4] == ["news", 5, [[2, 3]], 50]
    feed, runs = second_reader.read_section(payload[2][0])
    assert feed == ""
    (sealed,) = second_reader.rebuild(runs[0], [sender])
    assert sealed.hex() == load("sealing")["raw"]


def test_a_stranger_with_the_page_checks_the_reply() -> None:
    told = load("bundles")
    raw = bytes.fromhex(told["reply"])
    keys, _, sections, statement, signature = msgpack.unpackb(raw[1:])[:5]
    context = bytes.fromhex(told["context"])
    message = b"misto/statement/1\0" + bytes.fromhex(told["request_id"]) + statement + context
    second_reader.check(bytes.fromhex(told["server_key"]), signature, message)
    feed, runs = second_reader.read_section(sections[0])
    changes = second_reader.rebuild(runs[0], keys)
    assert (feed, [second_reader.unpack(c[81:-64])[0] for c in changes]) == (
        "news", ["Новина 1", "Новина 2", "Новина 3"],
    )  # fmt: skip
    ids = [bytes.fromhex(each) for each in told["change_ids"]]
    _, _, heads = msgpack.unpackb(statement)
    assert heads[0][2] == second_reader.set_digest(ids)


def test_a_stranger_with_the_page_and_the_key_opens_the_appeal() -> None:
    told = load("sealing")
    payload, thread_key = second_reader.open_appeal(
        bytes.fromhex(told["raw"]), bytes.fromhex(told["queue_secret"])
    )
    assert payload == json.loads(told["payload"])
    assert thread_key.hex() == told["thread_key"]
    salt = bytes.fromhex(told["salt"])
    secret = bytes.fromhex(told["thread_secret"])
    assert second_reader.hkdf(secret, salt, b"misto/thread-key/1\0") == thread_key


def test_a_stranger_with_the_page_computes_the_digests() -> None:
    for ids, wanted in load("small")["digest"]:
        assert second_reader.set_digest([bytes.fromhex(each) for each in ids]).hex() == wanted
