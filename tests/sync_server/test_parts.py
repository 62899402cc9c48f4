"""Posts in parts at the server: what is kept of a cut one, for how long, and at whose cost."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from types import SimpleNamespace

import httpx
import pytest

from shared_schema.errors import BadSignature, MistoError
from shared_schema.limits import BUNDLE_BYTES_MAX, PARTS_KEPT_S
from shared_schema.sync.part import (
    ANSWER_HEAD_BYTES,
    CARRY_DOOR,
    EXCHANGE_DOOR,
    PartHead,
    decode_answer,
    encode_part,
)
from sync_server.routers import part
from sync_server.services.group_commit import Busy
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


def test_replies_count_against_the_room_like_halves() -> None:
    parts = Parts(bytes_max=25)
    first, second = parts.open(head(b"a")), parts.open(head(b"b"))
    parts.put(first, 0, bytes(10))
    parts.answered(first, bytes(20))
    assert (first.size, first.kept) == (20, True)
    parts.put(second, 0, bytes(10))
    assert (first.kept, second.kept) == (False, True)
    parts.answered(first, bytes(25))
    assert parts.open(head(b"b")).size == 10


def test_one_post_holds_no_more_than_it_said() -> None:
    parts = Parts()
    post = parts.open(head(b"a"))
    for offset in (0, 9, 10):
        parts.put(post, offset, bytes(1_000_000))
    assert post.size == 10


def test_the_same_id_with_another_length_or_door_takes_the_place_of_the_first() -> None:
    parts = Parts(bytes_max=25)
    parts.put(parts.open(head(b"a")), 0, bytes(9))
    parts.put(parts.open(head(b"a", total=20)), 0, bytes(20))
    assert parts.open(head(b"a", total=20)).size == 20
    assert parts.open(head(b"a")._replace(door=CARRY_DOOR)).size == 0
    kept = parts.open(head(b"b", total=25))
    parts.put(kept, 0, bytes(25))
    assert kept.kept


class Judge:
    """A door that takes its time, and counts."""

    def __init__(self, error: MistoError | None = None) -> None:
        self.error = error
        self.asked = 0

    async def __call__(self, city: object, raw: bytes) -> bytes:
        self.asked += 1
        await asyncio.sleep(0.01)
        if self.error is not None:
            raise self.error
        return b"the reply"


def judged(monkeypatch: pytest.MonkeyPatch, door: Judge, times: int) -> tuple[Parts, list[object]]:
    """What becomes of one whole post about which so many ask at once."""
    monkeypatch.setattr(part, "answer_exchange", door)
    city = SimpleNamespace(parts=Parts())
    asked = head(b"a")
    post = city.parts.open(asked)
    city.parts.put(post, 0, bytes(10))

    async def all_ask() -> list[object]:
        asking = (part._judge(city, asked, post) for _ in range(times))  # type: ignore[arg-type]
        return await asyncio.gather(*asking, return_exceptions=True)

    return city.parts, asyncio.run(all_ask())


def test_a_flood_of_questions_about_a_whole_post_has_it_judged_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = Judge()
    parts, said = judged(monkeypatch, door, 50)
    assert (door.asked, set(said)) == (1, {None})
    assert parts.open(head(b"a")).reply == b"the reply"


def test_a_refused_post_is_forgotten_and_a_few_bytes_do_not_have_it_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    door = Judge(BadSignature("bundle"))
    parts, said = judged(monkeypatch, door, 50)
    assert door.asked == 1
    assert {type(each) for each in said} == {BadSignature}
    assert parts.open(head(b"a")).size == 0


def test_a_post_that_the_store_could_not_take_is_there_to_be_judged_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts, said = judged(monkeypatch, Judge(Busy("later")), 2)
    assert {type(each) for each in said} == {Busy}
    post = parts.open(head(b"a"))
    assert (post.whole, post.judging) == (True, None)


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


def test_a_whole_post_that_is_junk_is_refused_and_not_kept(served: Served) -> None:
    question = PartHead(EXCHANGE_DOOR, b"a" * 8, 4, 0)
    assert send(served, encode_part(question) + b"junk").status_code == 400
    assert decode_answer(send(served, encode_part(question)).content).have == 0
