"""Posts in parts at the server: what is kept of a cut one, for how long, and at whose cost."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from shared_schema.limits import BUNDLE_BYTES_MAX, PARTS_KEPT_S
from shared_schema.sync.part import (
    ANSWER_HEAD_BYTES,
    CARRY_DOOR,
    EXCHANGE_DOOR,
    PartHead,
    decode_answer,
    encode_part,
)
from sync_server.services.parts import Parts
from tests.sync_server.serving import Served, serving
from tests.sync_server.town import Town


class Clock:
    """A clock that tests turn."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def head(post: bytes, total: int = 10, offset: int = 0) -> PartHead:
    return PartHead(EXCHANGE_DOOR, post.ljust(8), total, offset)


def test_bytes_beyond_a_gap_or_the_end_are_not_taken() -> None:
    parts = Parts()
    post = parts.open(head(b"a"))
    parts.put(post, 3, b"too early")
    parts.put(post, 0, b"01234")
    parts.put(post, 2, b"23")
    parts.put(post, 3, b"3456789 and more")
    assert bytes(post.body) == b"0123456789"


def test_the_oldest_leaves_when_there_is_no_more_room() -> None:
    parts = Parts(bytes_max=25)
    for name in (b"a", b"b", b"c"):
        parts.put(parts.open(head(name)), 0, bytes(10))
    assert [parts.open(head(name)).size for name in (b"b", b"c", b"a")] == [10, 10, 0]


def test_a_flood_of_posts_ends_where_its_room_does() -> None:
    parts = Parts(bytes_max=1_000)
    posts = [parts.open(head(b"%d" % number, 100)) for number in range(5_000)]
    for post in posts:
        parts.put(post, 0, bytes(100))
    assert sum(post.kept for post in posts) <= 4_096
    assert sum(post.size for post in posts if post.kept) <= 1_000


def test_a_post_is_forgotten_when_nobody_goes_on_with_it() -> None:
    clock = Clock()
    parts = Parts(clock_s=clock)
    parts.put(parts.open(head(b"a")), 0, b"01234")
    clock.now_s = PARTS_KEPT_S + 1.0
    parts.open(head(b"b"))
    assert parts.open(head(b"a")).size == 0


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town) as running:
        yield running


def send(served: Served, raw: bytes) -> httpx.Response:
    return served.client.post("/v1/part", content=raw)


def test_what_came_before_a_cut_is_there_and_the_rest_makes_it_whole(
    town: Town, served: Served
) -> None:
    raw = town.ask(town.resident, town.resident.appeal()).raw
    first = encode_part(PartHead(EXCHANGE_DOOR, b"post-one", len(raw), 0)) + raw
    with socket.create_connection(served.address) as connection:
        start = b"POST /v1/part HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(first)
        connection.sendall(start + first[:200])
        time.sleep(0.2)
    question = PartHead(EXCHANGE_DOOR, b"post-one", len(raw), 0)
    have = decode_answer(send(served, encode_part(question)).content)
    assert (have.have, have.total) == (200 - (len(first) - len(raw)), 0)
    rest = question._replace(offset=have.have)
    answer = send(served, encode_part(rest) + raw[have.have :]).content
    reply = answer[ANSWER_HEAD_BYTES:]
    assert decode_answer(answer).total == len(reply)
    again = question._replace(got=5, tag=decode_answer(answer).tag)
    assert send(served, encode_part(again)).content[ANSWER_HEAD_BYTES:] == reply[5:]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"short", 400),
        (encode_part(PartHead(7, bytes(8), 10, 0)), 400),
        (encode_part(PartHead(EXCHANGE_DOOR, bytes(8), 10, 11)), 400),
        (encode_part(PartHead(EXCHANGE_DOOR, bytes(8), BUNDLE_BYTES_MAX + 1, 0)), 413),
        (encode_part(PartHead(EXCHANGE_DOOR, b"a" * 8, 4, 0)) + b"junk", 400),
        (encode_part(PartHead(CARRY_DOOR, b"b" * 8, 4, 0)) + b"junk", 400),
    ],
)
def test_a_part_that_makes_no_sense_is_a_problem(served: Served, raw: bytes, status: int) -> None:
    assert send(served, raw).status_code == status
