"""A reader that knows only the protocol page reads the vectors as the code does."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import msgpack  # type: ignore[import-untyped]
import pytest
from cryptography.exceptions import InvalidTag

from tests.vectors import second_folds, second_frames, second_parts
from tests.vectors import second_reader as stranger

DATA = Path(stranger.__file__).parent / "data"


def load(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def raw(text: str) -> bytes:
    return bytes.fromhex(text)


def own_digests() -> dict[str, bytes]:
    """The stranger's own digests, from the ids of what each feed holds."""
    (told,) = (each for each in load("bundles")["replies"] if each["what"] == "empty")
    held: dict[str, list[bytes]] = {}
    for feed, _version, _received, change_id in told["arrivals"]:
        held.setdefault(feed, []).append(raw(change_id))
    return {feed: stranger.set_digest(ids) for feed, ids in held.items()}


@pytest.mark.parametrize(
    ("module", "libraries"),
    [
        (
            stranger,
            {"argon2", "cryptography", "hmac", "json", "msgpack", "pathlib", "struct", "zstandard"},
        ),
        (second_folds, set()),
        (second_frames, {"base64", "ipaddress", "struct", "zlib"}),
        (second_parts, {"struct"}),
    ],
)
def test_the_second_reader_knows_nothing_of_the_project(
    module: ModuleType, libraries: set[str]
) -> None:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported - {"__future__", "collections", "hashlib", "typing"} == libraries


def test_identifiers() -> None:
    told = load("ids")
    city = stranger.sha256(b"misto/city/1\0", raw(told["root_v1"]))[:16]
    assert city.hex() == told["city"]
    for each in told["devices"]:
        device = stranger.device_of(raw(each["public_key"]))
        assert device.hex() == each["device"]
        assert stranger.feed_of(city, "mail", device).hex() == each["mail"]
    for name, scope in told["scopes"].items():
        assert stranger.feed_of(city, name, b"").hex() == scope


def test_requests() -> None:
    for told in load("bundles")["requests"]:
        request = stranger.read_request(raw(told["raw"]))
        assert (request.id.hex(), request.sender.hex()) == (told["id"], told["sender"])
        assert [each + [0, [], 0, False][len(each) - 1 :] for each in request.wants] == told[
            "wants"
        ]
        assert [
            {"scope": scope.hex(), "device": device.hex(), "seq": seq,
             "ids": [stranger.sha256(change).hex() for change in changes]}
            for scope, device, seq, changes in request.runs
        ] == told["runs"]  # fmt: skip


def test_a_request_that_was_touched_does_not_verify() -> None:
    request = bytearray(raw(load("bundles")["requests"][1]["raw"]))
    request[100] ^= 1
    with pytest.raises(AssertionError):
        stranger.read_request(bytes(request))


def test_replies() -> None:
    told = load("bundles")
    requests = {each["what"]: stranger.read_request(raw(each["raw"])) for each in told["requests"]}
    city, server = raw(load("ids")["city"]), raw(load("statements")[0]["server_key"])
    for each in told["replies"]:
        asked = requests[each["to"]]
        answer = stranger.read_reply(raw(each["raw"]), asked, city, own_digests(), server)
        assert answer is not None, each["what"]
        assert answer.time == each["time"]
        assert [[f, v, d.hex()] for f, v, d in answer.heads] == each["heads"]
        assert [[i.hex(), *rest] for i, *rest in answer.settled] == each["settled"]
        assert [[f, v, at, i.hex()] for f, v, at, i in answer.arrivals] == each["arrivals"]


def test_a_digest_that_was_left_out_is_signed_all_the_same() -> None:
    told = load("bundles")
    (each,) = (each for each in told["replies"] if each["what"] == "up to date")
    (sent,) = (one for one in told["requests"] if one["what"] == each["to"])
    asked = stranger.read_request(raw(sent["raw"]))
    city, server = raw(load("ids")["city"]), raw(load("statements")[0]["server_key"])
    statement = msgpack.unpackb(msgpack.unpackb(raw(each["raw"])[1:])[3])
    assert [bool(head[2]) for head in statement[2]] == [False, True, False]
    own = {**own_digests(), "mail": bytes(32)}
    assert stranger.read_reply(raw(each["raw"]), asked, city, own, server) is None


def test_runs() -> None:
    for told in load("runs"):
        changes, vouched = stranger.rebuild(
            msgpack.unpackb(raw(told["run"])), raw(told["public_key"])
        )
        assert [stranger.sha256(change).hex() for change in changes] == told["ids"]
        found = [at < vouched and stranger.readable(each) for at, each in enumerate(changes)]
        assert found == told["authentic"], told["what"]


def test_courier_bundles_plain_packed_and_cut() -> None:
    told = load("couriers")
    items = [(sort, raw(body)) for sort, body in told["items"]]
    assert stranger.read_courier(raw(told["plain"])) == (raw(told["city"]), items, 1, True)
    assert stranger.read_courier(raw(told["packed"])) == (raw(told["city"]), items, 0, True)
    assert stranger.read_courier(raw(told["cut"])) == (raw(told["city"]), items[:-1], 1, False)


def test_items_of_a_form_are_filled_in_and_cut_where_it_is_missing() -> None:
    told = load("couriers")
    city, formed = raw(told["city"]), told["formed"]
    items = [(sort, raw(body)) for sort, body in formed["items"]]
    assert stranger.read_courier(raw(formed["bundle"])) == (city, items, 1, True)
    assert stranger.read_courier(raw(formed["cut"])) == (city, items[:-1], 1, False)
    assert stranger.read_courier(raw(formed["without_form"])) == (city, [], 0, False)
    assert {len(stranger.read_request(body).wants) for _, body in items} == {2}


def test_an_answer_names_its_request_by_its_place_in_the_post() -> None:
    told = load("couriers")["answered"]
    replies = [(raw(request), raw(reply)) for request, reply in told["replies"]]
    assert stranger.read_answer(raw(told["post"]), raw(told["answer"])) == replies


def test_a_courier_checks_a_reply_with_nothing_but_its_request() -> None:
    told = load("couriers")
    city, server = raw(told["city"]), raw(told["server_key"])
    asked = stranger.read_request(raw(told["items"][0][1]))
    reply = raw(told["items"][1][1])
    assert (reply[:32], asked.id) == (raw(told["request"]["id"]), raw(told["request"]["id"]))
    answer = stranger.read_reply(reply[32:], asked, city, {}, server)
    assert answer is not None
    wanted = told["reply"]
    assert [[each[0].hex(), each[1]] for each in answer.settled] == wanted["settled"]
    assert [[feed, top, digest.hex()] for feed, top, digest in answer.heads] == wanted["heads"]
    assert [each[3].hex() for each in answer.arrivals] == wanted["arrivals"]
    offered = {stranger.sha256(change) for run in asked.runs for change in run[3]}
    ends = {each[0] for each in answer.settled if each[1] in (1, 2, 3)}
    assert (offered <= ends) is wanted["done"] is True
    bare = stranger.read_reply(raw(wanted["receipts_only"]), asked, city, {}, server)
    assert bare is not None
    assert (bare.settled, bare.heads, bare.arrivals) == (answer.settled, answer.heads, [])


def test_public_items() -> None:
    told = load("couriers")
    changes, heads = stranger.read_public(raw(told["items"][2][1]), raw(told["server_key"]))
    assert [[feed, each.hex()] for feed, each in changes] == told["public"]["arrivals"]
    assert [
        [feed.hex(), version, digest.hex(), time] for feed, version, digest, time in heads
    ] == told["public"]["heads"]
    for feed, _, digest, _ in heads:
        name = {stranger.feed_of(raw(told["city"]), each, b""): each for each in ("trust", "news")}
        held = [change for at, change in changes if at == name[feed]]
        assert stranger.set_digest(held) == digest


def test_digests() -> None:
    for told in load("digests"):
        assert stranger.set_digest([raw(each) for each in told["ids"]]).hex() == told["digest"]


def test_slips() -> None:
    for told in load("slips"):
        city = raw(told["city"])
        for text in (told["words"], told["qr"]):
            assert stranger.read_slip(text, city) == raw(told["secret"])
            assert stranger.read_slip(text, bytes(16)) is None
        secrets = stranger.slip_secrets(raw(told["secret"]), city)
        assert [each.hex() for each in secrets] == [told["signing_seed"], told["device_secret"]]


def test_payloads_unpack() -> None:
    told = load("packing")
    for each in told["open"] + told["sealed"]:
        assert stranger.unpack(raw(each["packed"])) == each["text"]


def test_the_author_and_every_queue_open_the_thread() -> None:
    told = load("sealing")
    opening = raw(told["changes"][0]["raw"])
    keys = [stranger.thread_key_for_author(opening, raw(told["device_secret"]))]
    keys += [
        stranger.thread_key_for_queue(opening, queue["number"], raw(queue["secret"]))
        for queue in told["queues"]
    ]
    assert {key.hex() for key in keys} == {told["thread_key"]}
    for each in told["changes"]:
        assert stranger.open_change(raw(each["raw"]), keys[0]) == json.loads(each["payload"])


def test_officers_open_what_is_internal_and_the_thread_key_does_not() -> None:
    told = load("sealing")
    secrets = {queue["number"]: raw(queue["secret"]) for queue in told["queues"]}
    opening = raw(told["changes"][0]["raw"])
    record = stranger.sha256(opening)[:16]
    author = stranger.thread_key_for_author(opening, raw(told["device_secret"]))
    used = [each["queue"] for each in told["internal"]]
    assert used == sorted(secrets, reverse=True)  # the newest key of the queue, then an older one
    for each in told["internal"]:
        change, secret = raw(each["raw"]), secrets[each["queue"]]
        assert stranger.internal_key(secret, record).hex() == each["internal_key"]
        assert stranger.open_internal(change, secrets) == json.loads(each["payload"])
        others = {number: key for number, key in secrets.items() if key != secret}
        with pytest.raises(LookupError):
            stranger.open_internal(change, others)
        with pytest.raises(InvalidTag):
            stranger.open_change(change, author)


def test_an_officer_opens_the_secret_that_is_handed_to_its_device() -> None:
    told = load("sealing")["handed"]
    names = ("device_secret", "sealed", "public_key", "device")
    own, sealed, key, device = (raw(told[name]) for name in names)
    assert stranger.public_of(stranger.box_secret(own)).hex() == told["box_key"]
    meant = (told["queue"], told["number"], key, device)
    assert stranger.open_handed(own, sealed, *meant).hex() == told["secret"]
    for other in (
        ("water", told["number"], key, device), (told["queue"], 1, key, device),
        (told["queue"], told["number"], device * 2, device),
        (told["queue"], told["number"], key, bytes(16)),
    ):  # fmt: skip
        with pytest.raises(InvalidTag):
            stranger.open_handed(own, sealed, *other)


def test_the_key_that_turned_travels_as_it_was_handed() -> None:
    told = load("sealing")["handed"]
    (change,) = (each for each in load("changes") if each["name"] == "trust.keyed")
    assert json.loads(stranger.unpack(raw(change["body"]))) == [
        told["queue"], told["number"], told["public_key"], [[told["device"], told["sealed"]]],
    ]  # fmt: skip


@pytest.mark.parametrize("place", range(len(load("folds"))))
def test_folds_in_every_order_and_with_repeats(place: int) -> None:
    told = load("folds")[place]
    for order in told["orders"]:
        acts = [told["acts"][at] for at in order]
        for each in (acts, [*acts, acts[0]]):
            made = second_folds.state(told["fold"], each, told.get("card"))
            assert made == told["state"], told["what"]


def test_the_folds_show_acts_of_every_kind() -> None:
    shown = {act["kind"] for told in load("folds") for act in told["acts"]}
    assert shown == set(second_folds.DEFAULTS) == set(second_folds.LENGTHS)


def test_missing_last_fields_have_their_default_and_further_ones_are_ignored() -> None:
    for act in (act for told in load("folds") for act in told["acts"]):
        kind, short = act["kind"], list(act["payload"])
        whole = second_folds.payload(kind, short)
        assert whole[: len(short)] == short
        assert second_folds.payload(kind, [*whole, "from the future", 7]) == whole
        for default in second_folds.DEFAULTS[kind][len(short) - len(whole) - 1 :: -1]:
            if short[-1] != default:
                break
            short.pop()
            assert second_folds.payload(kind, short) == whole


def test_the_payloads_of_public_changes() -> None:
    public = [told for told in load("changes") if not told["flags"] & 1]
    assert len(public) > 5
    for told in public:
        said = json.loads(stranger.unpack(raw(told["body"])))
        assert second_folds.payload(told["name"], said)[: len(said)] == said


def test_frames_put_together() -> None:
    told = load("frames")
    for plain, text in told["base45"]:
        assert second_frames.unbase45(text) == raw(plain)
    for each in told["transfers"]:
        for frame in each["frames"]:
            seen = second_frames.read(frame["text"])
            assert (seen.transfer, seen.number) == (raw(each["transfer"]), frame["number"])
            assert sorted(second_frames.picked(seen, each["pieces"])) == frame["picked"]
        assert second_frames.whole([frame["text"] for frame in each["frames"]]) == raw(each["raw"])


def test_local_addresses() -> None:
    told = load("lan")
    for each in told["keys"]:
        assert second_frames.fingerprint(raw(each["public_key"])) == each["fingerprint"]
    for text, *parts in told["addresses"]:
        assert second_frames.local(text) == parts
    for text in told["bad"]:
        with pytest.raises((AssertionError, ValueError)):
            second_frames.local(text)


def test_a_post_in_parts_is_answered_step_by_step() -> None:
    told = load("parts")
    bundle, reply = raw(told["bundle"]), raw(told["reply"])
    judged: list[bytes] = []

    def judge(whole: bytes) -> bytes:
        judged.append(whole)
        return reply

    server = second_parts.Server(judge)
    here, tag = b"", bytes(4)
    for step in told["steps"]:
        arrived = raw(step["part"])[: step["arrived"]]
        part = second_parts.read_part(arrived)
        assert not isinstance(part, str)
        fields = [each.hex() if isinstance(each, bytes) else each for each in part[:-1]]
        assert fields == step["head"], step["what"]
        answer = server.take(arrived)
        if step["answer"] is None:
            continue
        assert answer == raw(step["answer"]), step["what"]
        goes_on = part.tag == tag and part.got <= len(here)
        before = here[: part.got] if goes_on else b""
        have, total, tag, here = second_parts.read_answer(answer, before, tag)
        assert total in (0, len(reply))
        assert have <= part.total
    assert (judged, here) == ([bundle], reply)


def test_what_is_no_part_is_told_apart() -> None:
    for each in load("parts")["bad"]:
        assert second_parts.read_part(raw(each["hex"])) == each["code"], each["what"]
