"""The batch door: each request is judged as at the usual one; a bad one harms no other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
import zstandard

from shared_schema.crypto.signing import Signer
from shared_schema.limits import BUNDLE_CHANGES_MAX, CARRY_BYTES_MAX, CARRY_REQUESTS_MAX
from shared_schema.sync.bundle import Want
from shared_schema.sync.compose import Outgoing, compose_request
from shared_schema.sync.courier import (
    ANSWER_ITEM,
    COURIER,
    REQUEST_ITEM,
    Item,
    decode_courier,
    encode_courier,
    request_item,
    split_answer,
)
from shared_schema.sync.statement import Status
from sync_server.services.carrying import read_batch
from tests.sync_server.serving import Served, serving
from tests.sync_server.town import Author, Town

WANTS = (Want("trust", explain=True), Want("mail", explain=True))


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town) as running:
        yield running


def post(served: Served, raw: bytes) -> dict[bytes, bytes]:
    """The replies, by request id."""
    response = served.client.post("/v1/carry", content=raw)
    assert response.status_code == 200, response.text
    return replies_in(raw, response.content)


def replies_in(post: bytes, answer: bytes) -> dict[bytes, bytes]:
    """The replies of an answer, by the ids of the post's requests."""
    asked = [each.body for each in decode_courier(post).items if each.type == REQUEST_ITEM]
    distinct = list(dict.fromkeys(asked))
    said = decode_courier(answer, types=(ANSWER_ITEM,))
    assert not said.unknown
    places = [split_answer(item.body) for item in said.items]
    assert len({place for place, _ in places}) == len(places)
    return {hashlib.sha256(distinct[place]).digest(): raw for place, raw in places}


def bundle(town: Town, *asked: Outgoing) -> bytes:
    return encode_courier(town.city, [request_item(each.raw) for each in asked])


def test_many_devices_get_the_replies_that_the_usual_door_would_give(
    town: Town, served: Served
) -> None:
    authors = [town.author() for _ in range(5)]
    asked = [town.ask(each, each.appeal(), wants=WANTS) for each in authors]
    for _ in range(2):  # a second courier brings the same
        replies = post(served, bundle(town, *asked, *asked))
        assert set(replies) == {each.id for each in asked}
        for author, each in zip(authors, asked, strict=True):
            answer = town.read(author, each, replies[each.id])
            (settled,) = answer.settled
            assert settled.status == Status.ACCEPTED
            assert {head.feed for head in answer.heads} == {"trust", "mail"}
            (again,) = town.answer(author, each).settled
            assert again == settled
    metrics = served.client.get("/metrics").text
    assert 'misto_carried_requests_total{outcome="answered"} 10.0' in metrics
    assert 'misto_changes_total{reason="OK",status="ACCEPTED"} 10.0' in metrics


def test_bad_requests_get_no_reply_and_the_good_ones_beside_them_do(
    town: Town, served: Served
) -> None:
    good = town.ask(town.resident, town.resident.appeal(), wants=WANTS)
    touched = good.raw[:-1] + bytes((good.raw[-1] ^ 1,))
    items = [Item(1, b""), Item(1, touched), Item(1, bytes(200)), Item(2, b"x" * 40), Item(9, b"")]
    raw = encode_courier(town.city, [*items, request_item(good.raw), *items])
    assert set(post(served, raw)) == {good.id}
    assert 'outcome="refused"} 3.0' in served.client.get("/metrics").text


def test_a_cut_bundle_brings_what_is_whole_of_it(town: Town, served: Served) -> None:
    first = town.ask(town.resident, town.resident.appeal())
    second = town.ask(town.desk, town.desk.appeal())
    whole = bytes((COURIER,)) + town.city + b"\0"
    for each in (first, second):
        whole += b"\1" + len(each.raw).to_bytes(4) + each.raw
    assert set(post(served, whole[:-1])) == {first.id}
    assert set(post(served, whole)) == {first.id, second.id}


def test_another_citys_bundle_is_a_problem(town: Town, served: Served) -> None:
    raw = encode_courier(b"o" * 16, [request_item(town.ask(town.resident).raw)])
    response = served.client.post("/v1/carry", content=raw)
    assert response.status_code == 400
    assert response.json()["type"] == "urn:misto:problem:other_city"


@pytest.mark.parametrize("raw", [b"", b"\x13", b"\x11" + bytes(99), bytes(500)])
def test_what_is_no_courier_bundle_is_a_problem(served: Served, raw: bytes) -> None:
    assert served.client.post("/v1/carry", content=raw).status_code == 400


def test_too_many_requests_or_bytes_are_a_problem(town: Town, served: Served) -> None:
    asked = [_ask() for _ in range(CARRY_REQUESTS_MAX + 1)]
    assert served.client.post("/v1/carry", content=bundle(town, *asked)).status_code == 413
    assert len(post(served, bundle(town, *asked[1:]))) == CARRY_REQUESTS_MAX
    large = bytes(CARRY_BYTES_MAX + 1)
    assert served.client.post("/v1/carry", content=large).status_code == 413


def test_a_zip_bomb_costs_no_more_than_an_honest_post(town: Town, served: Served) -> None:
    good = town.ask(town.resident, town.resident.appeal())
    parameters = zstandard.ZstdCompressionParameters.from_level(
        3, format=zstandard.FORMAT_ZSTD1_MAGICLESS
    )
    items = b"\1" + len(good.raw).to_bytes(4) + good.raw + b"\7\0\x3f\0\0" + bytes(2**28)
    packed = zstandard.ZstdCompressor(compression_params=parameters).compress(items)
    raw = bytes((COURIER,)) + town.city + b"\1" + packed
    assert set(post(served, raw)) == {good.id}


def test_one_post_brings_no_more_changes_than_one_request_may(town: Town) -> None:
    """What is left is posted again; the first one always moves."""
    many = [_many(town, 3_000) for _ in range(4)]
    batch = read_batch(bundle(town, *many), town.city)
    sizes = [len(each.request.sections[0].runs[0].parts) for _, each in batch.requests]
    assert sizes == [3_000] * 2
    assert (batch.left, batch.refused) == (2, 0)
    assert BUNDLE_CHANGES_MAX >= 3_000 * 2


def test_quotas_count_for_each_sender_as_ever(town: Town) -> None:
    from sync_server.services.carrying import carry
    from sync_server.services.exchange import ExchangeService
    from sync_server.services.intake import Quota

    service = ExchangeService(
        town.store, town.server, town.card, lambda: town.now_ms, Quota(1, 10_000)
    )
    greedy, modest = town.author(), town.author()
    asked = town.ask(greedy, greedy.appeal(), greedy.appeal())
    other = town.ask(modest, modest.appeal())
    raw = bundle(town, asked, other)
    replies = replies_in(raw, carry(service, town.city, raw))
    statuses = [each.status for each in town.read(greedy, asked, replies[asked.id]).settled]
    assert statuses == [Status.ACCEPTED, Status.DEFERRED]
    (one,) = town.read(modest, other, replies[other.id]).settled
    assert one.status == Status.ACCEPTED


def _ask() -> Outgoing:
    return compose_request(Signer.generate()[0], WANTS, [])


def _many(town: Town, count: int) -> Outgoing:
    author = Author(town.city, town.queue)
    changes = [author.news(str(number)) for number in range(count)]
    return town.ask(author, *changes)
