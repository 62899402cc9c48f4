"""The HTTP transport against a real socket: what it sends, counts, and refuses to believe."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from client.transports.http import (
    ROUGH_POSTS,
    HttpTransport,
    ReplyTooLarge,
    ServerRefused,
    Unreachable,
)
from shared_schema.limits import BUNDLE_BYTES_MAX
from shared_schema.sync.part import PART_HEAD_BYTES, AnswerHead, encode_answer, tag_of


class Server:
    """Takes one request after another on a socket and answers with given bytes."""

    def __init__(self, answer: Callable[[], bytes]) -> None:
        self.answer = answer
        self.received: list[bytes] = []
        self.sent = 0
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                while request := self._request(connection):
                    self.received.append(request)
                    answer = self.answer()
                    self.sent += len(answer)
                    try:
                        connection.sendall(answer)
                    except OSError:
                        break
                    if not answer.startswith(b"HTTP") or b"close" in answer[:200]:
                        break

    def _request(self, connection: socket.socket) -> bytes:
        raw = b""
        try:
            while b"\r\n\r\n" not in raw:
                if not (piece := connection.recv(65536)):
                    return raw
                raw += piece
            head, _, body = raw.partition(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65536)
        except OSError:
            return b""
        return head + b"\r\n\r\n" + body


@contextmanager
def serving(answer: Callable[[], bytes]) -> Iterator[Server]:
    server = Server(answer)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.listener.shutdown(socket.SHUT_RDWR)
        server.listener.close()
        thread.join(timeout=5)


def http(status: str, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_a_request_has_two_headers_and_every_byte_is_counted() -> None:
    with serving(lambda: http("200 OK", b"reply")) as server, HttpTransport(server.url) as wire:
        assert wire.post(b"bundle") == b"reply"
        assert wire.post(b"bundle") == b"reply"
        host = server.url.removeprefix("http://")
        head = f"POST /v1/exchange HTTP/1.1\r\nHost: {host}\r\nContent-Length: 6\r\n\r\n"
        assert server.received == [head.encode() + b"bundle"] * 2
        assert wire.bytes_up == sum(map(len, server.received))
        assert wire.bytes_down == server.sent
        assert server.connections == 1


def test_what_never_went_out_is_not_counted() -> None:
    with HttpTransport("http://127.0.0.1:1") as wire:
        for _ in range(3):
            with pytest.raises(Unreachable):
                wire.post(b"bundle" * 500)
        assert (wire.bytes_up, wire.bytes_down) == (0, 0)


def test_a_body_is_counted_as_far_as_the_system_took_it() -> None:
    """The server hangs up over the head; a body of 4 MiB cannot all be in the buffers by then."""
    size = 4 * 1024 * 1024
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(64)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with HttpTransport(url) as wire:
            wire._parts_known = False
            with pytest.raises(Unreachable):
                wire.carry(bytes(size))
            assert 0 < wire.bytes_up < size


def test_an_exchange_in_between_does_not_lose_what_is_half_carried() -> None:
    """Two doors, two posts: own words go first again after a cut, every time."""
    bundle = bytes(range(200)) * 4
    half, rest = len(bundle) // 2, len(bundle) - len(bundle) // 2
    reply = b"done"
    answers = [
        http("200 OK", encode_answer(AnswerHead(half))),
        *[b""] * 9,  # the link is gone
        http("200 OK", encode_answer(AnswerHead(3, len(reply), tag_of(reply))) + reply),
        http("200 OK", encode_answer(AnswerHead(half))),
        http("200 OK", encode_answer(AnswerHead(len(bundle), len(reply), tag_of(reply))) + reply),
    ]
    with serving(lambda: answers.pop(0)) as server, HttpTransport(server.url) as wire:
        wire._rough = ROUGH_POSTS
        with pytest.raises(Unreachable):
            wire.carry(bundle)
        assert wire.half_carried
        while not answers[0]:
            answers.pop(0)
        assert wire.post(b"own") == reply
        assert wire.carry(bundle) == reply
        assert not wire.half_carried
        bodies = [each.partition(b"\r\n\r\n")[2] for each in server.received]
        assert sum(len(each) - PART_HEAD_BYTES for each in bodies[-2:]) == rest


def test_a_problem_is_told_with_its_words() -> None:
    body = '{"title": "Too busy", "detail": "Спробуйте за хвилину"}'.encode()
    answer = http("503 Service Unavailable", body, "content-type: application/problem+json")
    with serving(lambda: answer) as server, HttpTransport(server.url) as wire:
        with pytest.raises(ServerRefused) as caught:
            wire.post(b"bundle")
        assert (caught.value.status, caught.value.problem) == (503, "Спробуйте за хвилину")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"\xff\xfe", b'{"title": 5}'])
def test_an_odd_problem_is_still_a_refusal(body: bytes) -> None:
    with (
        serving(lambda: http("502 Bad Gateway", body)) as server,
        HttpTransport(server.url) as wire,
        pytest.raises(ServerRefused),
    ):
        wire.post(b"bundle")


def test_a_redirect_is_not_followed() -> None:
    answer = http("302 Found", b"", "location: http://127.0.0.1:1/portal")
    with (
        serving(lambda: answer) as server,
        HttpTransport(server.url) as wire,
        pytest.raises(ServerRefused),
    ):
        wire.post(b"bundle")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\nconnection: close\r\n\r\nhalf",
        b"SSH-2.0-OpenSSH\r\n\r\n",
    ],
)
def test_a_broken_answer_is_unreachable(answer: bytes) -> None:
    with (
        serving(lambda: answer) as server,
        HttpTransport(server.url) as wire,
        pytest.raises(Unreachable),
    ):
        wire.post(b"bundle")


def test_an_endless_answer_is_cut_off() -> None:
    answer = http("200 OK", b"x" * (BUNDLE_BYTES_MAX + 1))
    with serving(lambda: answer) as server, HttpTransport(server.url) as wire:
        with pytest.raises(ReplyTooLarge):
            wire.post(b"bundle")
        assert wire.bytes_down < len(answer) + 100_000


def test_after_a_cut_a_post_goes_in_parts_and_at_once_where_no_door_takes_them() -> None:
    answers = iter((b"", http("404 Not Found", b""), http("200 OK", b"reply"), b"", b""))
    with serving(lambda: next(answers)) as server, HttpTransport(server.url) as wire:
        with pytest.raises(Unreachable):
            wire.post(b"bundle")
        assert wire.rough
        assert wire.post(b"bundle") == b"reply"
        paths = [each.split()[1] for each in server.received]
        assert paths == [b"/v1/exchange", b"/v1/part", b"/v1/exchange"]


def test_a_link_that_brings_nothing_further_is_given_up_and_taken_up_later() -> None:
    reply = b"the reply"
    whole = encode_answer(AnswerHead(6, len(reply), tag_of(reply))) + reply
    broken = True
    with (
        serving(lambda: b"" if broken else http("200 OK", whole)) as server,
        HttpTransport(server.url) as wire,
    ):
        for _ in range(2):
            with pytest.raises(Unreachable):
                wire.post(b"bundle")
        assert len(server.received) < 12
        assert not wire.rough  # the same words again, or what has come of them is lost
        broken = False
        assert wire.post(b"bundle") == reply
        assert len(server.received[-1].partition(b"\r\n\r\n")[2]) == PART_HEAD_BYTES
        assert wire.rough


def test_a_link_counts_as_good_again_after_a_while() -> None:
    answers = iter((b"", http("404 Not Found", b"")))
    with (
        serving(lambda: next(answers, http("200 OK", b"reply"))) as server,
        HttpTransport(server.url) as wire,
    ):
        with pytest.raises(Unreachable):
            wire.post(b"bundle")
        for _ in range(ROUGH_POSTS):
            assert wire.rough
            wire.post(b"bundle")
        assert not wire.rough


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://", "ftp://city.example"])
def test_no_server_is_unreachable(url: str) -> None:
    with pytest.raises(Unreachable):
        HttpTransport(url).post(b"bundle")
