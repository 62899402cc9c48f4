"""The code makes the vectors, and reads back in them what they say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest

from shared_schema.crypto import packing, padding, sealing
from shared_schema.crypto.card import read_card
from shared_schema.crypto.slip import read_slip
from shared_schema.errors import MistoError
from shared_schema.records.kinds import BY_NAME, decode_payload
from shared_schema.sync import base45, digest
from shared_schema.sync.change import decode, signature_holds
from shared_schema.sync.courier import ANSWER_ITEM, decode_courier, encode_courier, split_answer
from shared_schema.sync.frames import Collector
from shared_schema.sync.part import decode_part, encode_part
from shared_schema.sync.policy import judge
from shared_schema.sync.receive import read_request
from shared_schema.sync.run import Run, open_run
from shared_schema.sync.statement import Proof, read_statement, subjects_of, verify_proof
from tests.vectors import bundles, cast, folds, frames, generate, lan, policies, wire
from tests.vectors import kept as kept_vectors

NAMES: Final = sorted(path.stem for path in kept_vectors.FOLDER.glob("*.json"))
KEPT: Final = kept_vectors.load()


def load(name: str) -> Any:
    return json.loads((kept_vectors.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


@pytest.mark.parametrize("name", NAMES)
def test_the_generator_still_makes_the_vectors(name: str) -> None:
    made = generate.make(KEPT)
    assert sorted(made) == NAMES
    assert json.loads(json.dumps(made[name])) == load(name)


def test_resealing_makes_other_bytes_that_say_the_same() -> None:
    """So `--reseal` works, and shows that what is kept is random and not merely old."""
    anew = kept_vectors.make()
    assert anew.thread != KEPT.thread
    old, new = generate.make(KEPT)["sealing"], generate.make(anew)["sealing"]
    assert [each["payload"] for each in _sealed(old)] == [each["payload"] for each in _sealed(new)]


def _sealed(document: Any) -> Any:
    return document["changes"] + document["internal"]


def test_changes_read_back() -> None:
    for told in load("changes"):
        change = decode(raw(told["raw"]))
        assert cast.describe(change) == told
        assert signature_holds(change, cast.key_of(change.device))


def test_the_vectors_have_changes_of_most_kinds() -> None:
    told = {each["name"] for each in load("changes")}
    assert told >= {"appeal.opened", "desk.replied", "news.corrected", "trust.granted"}


def test_packed_texts_unpack() -> None:
    told = load("packing")
    for each in told["open"] + told["sealed"]:
        assert packing.unpack(raw(each["packed"]), 10_000) == each["text"]
    for each in told["open"]:
        assert packing.pack_open(each["text"]).hex() == each["packed"]
    assert {raw(each["packed"])[0] for each in told["open"] + told["sealed"]} == {0, 1, 2, 3}


def test_padding_comes_off() -> None:
    for each in load("padding")["padded"]:
        assert padding.unpad(raw(each["padded"])) == raw(each["data"])


def test_digests_take_their_changes_in_any_order() -> None:
    for each in load("digests"):
        ids = [raw(one) for one in reversed(each["ids"])]
        state = digest.add(digest.EMPTY, ids)
        assert (state.hex(), digest.finish(state).hex()) == (each["state"], each["digest"])


def test_slips_read_back() -> None:
    for told in load("slips"):
        city = raw(told["city"])
        for text in (told["words"], told["qr"]):
            assert read_slip(text, city).secret == raw(told["secret"])


def test_runs_open() -> None:
    for told in load("runs"):
        run = msgspec.msgpack.decode(raw(told["run"]), type=Run)
        found = open_run(run, raw(told["public_key"]), cast.NEWSROOM.device)
        assert [each.id.hex() for each in found] == told["ids"], told["what"]
        assert [
            each.change is not None and each.authentic for each in found
        ] == told["authentic"], told["what"]  # fmt: skip


def test_tampering_takes_down_only_what_is_behind_it() -> None:
    authentic = {told["what"]: told["authentic"] for told in load("runs")}
    assert authentic.pop("whole, as in a feed") == [True] * 5
    assert authentic.pop("begins at the third change") == [True] * 3
    assert authentic.pop("the last signature is bad") == [True] * 4 + [False]
    for each in authentic.values():
        assert each == sorted(each, reverse=True)
        assert True in each
        assert False in each


def test_requests_read_back() -> None:
    for told in load("bundles")["requests"]:
        incoming = read_request(raw(told["raw"]))
        request = incoming.request
        assert (request.id.hex(), request.sender_key.hex()) == (told["id"], told["sender"])
        assert [list(msgspec.structs.astuple(w)) for w in request.wants] == [
            [*want[:2], [tuple(gap) for gap in want[2]], *want[3:]] for want in told["wants"]
        ]
        assert [[each.hex() for each in run.sent.ids] for run in incoming.runs] == [
            run["ids"] for run in told["runs"]
        ]
        assert all(each.authentic for run in incoming.runs for each in run.offered)


def test_replies_read_back() -> None:
    asked = wire.requests(KEPT)
    for told in load("bundles")["replies"]:
        answer = bundles.answer_of(KEPT, asked[told["to"]], raw(told["raw"]))
        assert [[h.feed, h.version, h.digest.hex()] for h in answer.heads] == told["heads"]
        assert [each.id.hex() for each in answer.settled] == [each[0] for each in told["settled"]]
        assert [each.change.id.hex() for each in answer.arrivals] == [
            each[3] for each in told["arrivals"]
        ]
        assert answer.forged == 0


def test_courier_bundles_read_back() -> None:
    told = load("couriers")
    items = [(sort, raw(body)) for sort, body in told["items"]]
    for name, unknown, flaw in (("plain", 1, ""), ("packed", 0, "")):
        found = decode_courier(raw(told[name]))
        assert [tuple(item) for item in found.items] == items
        assert (found.city.hex(), found.unknown, found.flaw) == (told["city"], unknown, flaw)
    cut = decode_courier(raw(told["cut"]))
    assert [tuple(item) for item in cut.items] == items[:-1]
    assert (cut.unknown, cut.flaw) == (1, "cut")
    again = decode_courier(encode_courier(cut.city, found.items))
    assert again.items == found.items


def test_courier_bundles_with_forms_read_back() -> None:
    told = load("couriers")["formed"]
    items = [(sort, raw(body)) for sort, body in told["items"]]
    found = decode_courier(raw(told["bundle"]))
    assert ([tuple(item) for item in found.items], found.unknown, found.flaw) == (items, 1, "")
    cut = decode_courier(raw(told["cut"]))
    assert ([tuple(item) for item in cut.items], cut.flaw) == (items[:-1], "cut")
    lost = decode_courier(raw(told["without_form"]))
    assert (lost.items, lost.flaw) == ((), "damaged")


def test_answers_of_the_batch_door_read_back() -> None:
    told = load("couriers")["answered"]
    found = decode_courier(raw(told["answer"]), types=(ANSWER_ITEM,))
    ((_, reply),) = told["replies"]
    assert [split_answer(item.body) for item in found.items] == [(1, raw(reply)), (2, raw(reply))]
    assert decode_courier(raw(told["answer"])).unknown == 2


def test_proofs_verify_offline_and_nothing_else_does() -> None:
    for told in load("statements"):
        parts = [raw(told[name]) for name in ("request", "statement", "context", "signature")]
        proof, key = Proof(*parts), raw(told["server_key"])
        said = verify_proof(proof, [cast.STRANGER.public_key, key])
        receipts, heads = subjects_of(said, proof.context)
        assert (len(receipts), len(heads)) == (len(told["receipts"]), len(told["heads"]))
        assert [list(msgspec.structs.astuple(each)) for each in said.receipts] == told["receipts"]
        assert read_statement(proof.statement).time == told["time"]
        for place, part in enumerate(parts):
            changed = [*parts]
            changed[place] = part[:-1] + bytes((part[-1] ^ 1,))
            with pytest.raises(MistoError):
                verify_proof(Proof(*changed), [key])


def test_the_thread_opens_for_its_author_and_for_each_queue() -> None:
    told = load("sealing")
    opening = decode(raw(told["changes"][0]["raw"]))
    parts = sealing.split_sealed(opening.body)
    keys = [sealing.derive_thread_key(raw(told["device_secret"]), parts.salt)]
    for queue, (number, wrapped) in zip(told["queues"], parts.wraps, strict=True):
        assert number == queue["number"]
        keys.append(sealing.unwrap_thread_key(raw(queue["secret"]), wrapped, opening.header))
    assert {key.hex() for key in keys} == {told["thread_key"]}
    for each in told["changes"]:
        change = decode(raw(each["raw"]))
        packed = sealing.open_sealed(keys[0], change.header, change.body)
        kind = BY_NAME[each["kind"]]
        assert decode_payload(kind, packed) == msgspec.json.decode(
            each["payload"], type=kind.payload
        )


def test_what_is_internal_opens_with_the_queue_s_secret_and_not_with_the_thread_s() -> None:
    told = load("sealing")
    secrets = {queue["number"]: raw(queue["secret"]) for queue in told["queues"]}
    for each in told["internal"]:
        change, kind = decode(raw(each["raw"])), BY_NAME[each["kind"]]
        assert kind.internal
        key = sealing.internal_key(secrets[each["queue"]], change.record)
        assert key.hex() == each["internal_key"]
        packed = sealing.open_sealed(key, change.header, change.body)
        assert decode_payload(kind, packed) == msgspec.json.decode(
            each["payload"], type=kind.payload
        )
        with pytest.raises(MistoError):
            sealing.open_sealed(raw(told["thread_key"]), change.header, change.body)


def test_a_queue_secret_opens_for_its_device_and_for_nothing_else() -> None:
    told = load("sealing")["handed"]
    own, sealed, device = (raw(told[name]) for name in ("device_secret", "sealed", "device"))
    key = sealing.QueueKey(told["number"], raw(told["public_key"]))
    found = sealing.unwrap_queue_secret(own, sealed, told["queue"], key, device)
    assert found.hex() == told["secret"]
    assert sealing.box_public_key(own).hex() == told["box_key"]
    old = sealing.QueueKey(1, key.public_key)
    for queue, known, who in (
        ("water", key, device), (told["queue"], old, device), (told["queue"], key, bytes(16)),
    ):  # fmt: skip
        with pytest.raises(MistoError):
            sealing.unwrap_queue_secret(own, sealed, queue, known, who)


@pytest.mark.parametrize("place", range(len(load("folds"))))
def test_folds_make_their_state_in_every_order(place: int) -> None:
    told = load("folds")[place]
    for order in told["orders"]:
        acts = [told["acts"][at] for at in order]
        repeated = [*acts, acts[0]]
        assert json.loads(json.dumps(folds.state_of(told["fold"], acts))) == told["state"]
        assert json.loads(json.dumps(folds.state_of(told["fold"], repeated))) == told["state"]


def test_the_policy_judges_as_told() -> None:
    document = load("policy")
    facts = policies.Facts(document)
    for told in document["verdicts"]:
        verdict = judge(decode(raw(told["raw"])), facts)
        assert (verdict.status, verdict.reason) == (told["status"], told["reason"]), told["what"]


def test_the_policy_vectors_show_every_verdict_that_headers_can_get() -> None:
    assert {told["reason"] for told in load("policy")["verdicts"]} == {0, *range(4, 12), 14}


def _answer(bundle: bytes) -> object:
    return bundles.answer_of(KEPT, wire.requests(KEPT)["up to date"], bundle)


def _open(body: bytes) -> object:
    opening = KEPT.thread[0]
    key = raw(load("sealing")["thread_key"])
    return sealing.open_sealed(key, opening.header, body)


READERS: Final[dict[str, Callable[[bytes], object]]] = {
    "request": read_request,
    "answer": _answer,
    "change": decode,
    "sealed": _open,
    "payload": lambda packed: decode_payload(BY_NAME["news.published"], packed),
    "card": read_card,
}


@pytest.mark.parametrize("place", range(len(load("bad"))))
def test_hostile_bytes_raise_the_error_told(place: int) -> None:
    told = load("bad")[place]
    with pytest.raises(MistoError) as raised:
        READERS[told["read_as"]](raw(told["hex"]) + bytes(told["zeros"]))
    assert raised.value.code == told["code"], told["what"]


def test_frames_read_back() -> None:
    told = load("frames")
    for plain, text in told["base45"]:
        assert base45.decode(text) == raw(plain)
    for each in told["transfers"]:
        collector = Collector()
        heard = [collector.take(frame["text"]) for frame in each["frames"]]
        assert heard[-1].whole == raw(each["raw"]), each["what"]
        assert {one.needed for one in heard} == {each["pieces"]}


@pytest.mark.parametrize("told", load("frames")["bad"], ids=lambda told: told["what"])
def test_what_is_no_frame_raises_the_error_told(told: dict[str, str]) -> None:
    assert frames.error_code(told["text"]) == told["code"]


def test_local_addresses_read_back() -> None:
    told = load("lan")
    assert all(lan.is_address(each[0]) for each in told["addresses"])
    assert not any(map(lan.is_address, told["bad"]))


def test_parts_read_back_and_what_is_none_is_refused() -> None:
    told = load("parts")
    for step in told["steps"]:
        head = decode_part(raw(step["part"])[: step["arrived"]])
        fields = [each.hex() if isinstance(each, bytes) else each for each in head]
        assert fields == step["head"], step["what"]
        assert raw(step["part"]).startswith(encode_part(head))
    for each in told["bad"]:
        with pytest.raises(MistoError) as caught:
            decode_part(raw(each["hex"]))
        assert caught.value.code == each["code"], each["what"]
