"""The endpoint over real HTTP: only GET, only five addresses, nothing said that was not meant."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pytest

from client.services.office import open311_server
from client.services.office.open311 import service_list
from client.services.office.open311_server import AT_ONCE_MAX, PATIENCE, Snapshot, serving
from tests.client.office.feeds import NOW, UK, feed
from tests.threads import assert_none_left

SNAPSHOT = Snapshot(service_list(UK), feed(300), NOW)
FIRST = SNAPSHOT.requests[0].service_request_id


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(lambda: SNAPSHOT) as url:
        yield url


def ask(
    url: str, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def raw(url: str, data: bytes) -> bytes:
    host, port = urlsplit(url).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        parts = []
        try:
            while part := connection.recv(65_536):
                parts.append(part)
        except ConnectionResetError:
            pass
        return b"".join(parts)


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/services.json", 21),
        (f"/requests/{FIRST}.json", 1),
        (f"/requests.json?service_request_id={FIRST}", 1),
        ("/requests.json?jurisdiction_id=city.example&api_key=x", None),
        ("/requests.json?status=open&start_date=" + quote("2026-09-01T00:00:00+03:00"), None),
    ],
)
def test_json_is_served(address: str, path: str, count: int | None) -> None:
    response, body = ask(address, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    said = json.loads(body)
    assert len(said) == count if count is not None else len(said) > 10


@pytest.mark.parametrize("path", ["/services.xml", "/requests.xml", f"/requests/{FIRST}.xml"])
def test_xml_is_served(address: str, path: str) -> None:
    response, body = ask(address, path)
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert len(ElementTree.fromstring(body))


def test_what_is_known_already_is_not_sent_again(address: str) -> None:
    response, _ = ask(address, "/services.json")
    again, body = ask(
        address, "/services.json", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert (again.status, body) == (304, b"")
    other, body = ask(address, "/services.json", headers={"If-None-Match": '"other"'})
    assert other.status == 200
    assert body


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW"]
)
def test_no_other_method(address: str, method: str) -> None:
    response, body = ask(address, "/requests.json", method)
    assert response.status == 405
    assert response.headers["Allow"] == "GET"
    assert method.encode() not in body


@pytest.mark.parametrize(
    "path",
    [
        "/", "/requests", "/requests.csv", "/requests.json/", "/REQUESTS.json",
        "/services/water.json",
        "/requests/0000000000000000.json", "/requests/..%2f..%2fetc%2fpasswd.json",
        "/requests/../services.json", "/requests/%00.json", f"/requests/{FIRST.upper()}a.json",
        "/requests.json%0d%0aX-Evil:%201", "/tokens/1.json", "/favicon.ico",
    ],
)  # fmt: skip
def test_nothing_else_is_there(address: str, path: str) -> None:
    response, body = ask(address, path)
    assert response.status == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert b"404" in body
    assert "X-Evil" not in response.headers


@pytest.mark.parametrize(
    "query",
    [
        "start_date=yesterday", "status=lost",
        "start_date=2026-01-01T00:00:00Z&end_date=2027-01-01T00:00:00Z",
        "status=%ff%fe", "&".join(f"a{n}=1" for n in range(50)), "start_date=%0d%0aX-Evil:%201",
    ],
)  # fmt: skip
def test_a_bad_argument_is_a_400_in_the_form_asked_for(address: str, query: str) -> None:
    response, body = ask(address, f"/requests.json?{query}")
    assert response.status == 400
    assert json.loads(body)[0]["code"] == 400
    assert "X-Evil" not in response.headers
    assert b"X-Evil" not in body
    response, body = ask(address, f"/requests.xml?{query}")
    assert ElementTree.fromstring(body).findtext("error/code") == "400"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", b"431"),
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / HTTP/9.9\r\n\r\n", b"505"),
        (b"<script>x</script> / HTTP/1.1\r\n\r\n", b"405"),
    ],
)
def test_what_is_too_large_or_no_request_is_refused_and_not_repeated(
    address: str, data: bytes, status: bytes
) -> None:
    said = raw(address, data)
    assert status in said.split(b"\r\n")[0] or not said  # a reset, when much was left unread
    assert b"<script" not in said
    assert b"aaaa" not in said


def test_it_says_neither_its_software_nor_its_secrets() -> None:
    def broken() -> Snapshot:
        raise RuntimeError("the password is 12345")

    with serving(broken) as url:
        response, body = ask(url, "/requests.json")
    assert response.status == 500
    assert b"12345" not in body
    assert "Python" not in str(response.headers)
    assert response.headers["Server"] == "misto"


def test_it_listens_on_this_machine_only_and_stops_with_its_context() -> None:
    before = threading.active_count()
    with serving(lambda: SNAPSHOT) as url:
        assert url.startswith("http://127.0.0.1:")
        assert ask(url, "/services.json")[0].status == 200
    with pytest.raises(OSError):
        ask(url, "/services.json")
    assert_none_left(before)


def test_each_visitor_gets_the_snapshot_of_the_moment() -> None:
    now = [SNAPSHOT]
    with serving(lambda: now[0]) as url:
        before = json.loads(ask(url, f"/requests/{FIRST}.json")[1])
        now[0] = Snapshot((), (), NOW)
        assert before
        assert ask(url, f"/requests/{FIRST}.json")[0].status == 404
        assert json.loads(ask(url, "/services.json")[1]) == []


def test_many_at_once_are_served(address: str) -> None:
    statuses: list[int] = []

    def visit() -> None:
        for _ in range(5):
            statuses.append(ask(address, "/requests.xml")[0].status)

    visitors = [threading.Thread(target=visit) for _ in range(8)]
    for each in visitors:
        each.start()
    for each in visitors:
        each.join()
    assert statuses == [200] * 40


def test_silent_visitors_take_no_place_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    patience = PATIENCE._replace(visit_s=0.5, queue_s=5)
    monkeypatch.setattr(open311_server, "PATIENCE", patience)
    with serving(lambda: SNAPSHOT) as url:
        host, port = urlsplit(url).netloc.split(":")
        silent = [socket.create_connection((host, int(port))) for _ in range(AT_ONCE_MAX)]
        try:
            assert all(each.recv(1) == b"" for each in silent)
        finally:
            for each in silent:
                each.close()
        assert ask(url, "/services.json")[0].status == 200


def test_a_crowd_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311_server, "PATIENCE", PATIENCE._replace(queue_s=0.01))
    with serving(lambda: SNAPSHOT) as url:
        host, port = urlsplit(url).netloc.split(":")
        crowd = [socket.create_connection((host, int(port)), timeout=10) for _ in range(40)]
        try:
            assert crowd[-1].recv(1) == b""  # while the first ones have not said a word
        finally:
            for each in crowd:
                each.close()
