"""What answers may be no Misto server at all: a captive portal, a broken proxy, another city."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from misto.city import init_city
from tests.misto.support import HOST, Here, free_port, serving

PROBLEM = b'{"type": "urn:misto:problem:busy", "title": "x", "status": 503, "detail": "come back"}'


@contextlib.contextmanager
def answering(status: int, body: bytes, length: int | None = None) -> Iterator[str]:
    """A server that gives one answer to everything; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.send_header("Location", "http://portal.invalid/login")
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Tests say enough."""

    server = HTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "length", "said"),
    [
        (200, b"<html>Please log in</html>", None, "not Misto's"),
        (200, b"", None, "not Misto's"),
        (200, b"\x12\x93\xc0", None, "not Misto's"),
        (200, b"\x12" + b"\x91" * 50_000, None, "not Misto's"),
        (200, b"\x12", 5_000_000, "cannot be reached"),
        (200, b"\x12" * 4_300_000, None, "larger than any"),
        (302, b"", None, "HTTP 302"),
        (404, b"<h1>nginx</h1>", None, "HTTP 404"),
        (500, b"\xff" * 100_000, None, "larger than any"),
        (503, PROBLEM, None, "come back"),
    ],
)
def test_nothing_is_believed_and_nothing_is_lost(
    misto: Here, resident: Path, status: int, body: bytes, length: int | None, said: str
) -> None:
    misto("appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Темно.")
    before = (resident / "device.keys").read_bytes()
    with answering(status, body, length) as url:
        done = misto("exchange", "--profile", resident, "--server", url)
    done.assert_one_clear_line(said)
    (kept,) = misto("appeal", "list", "--profile", resident, "--json").json
    assert (kept["state"], kept["pending"]) == ("waiting", True)
    assert misto("doctor", "--profile", resident, "--json").json["ok"] is True
    assert (resident / "device.keys").read_bytes() == before


def test_the_server_of_another_city(misto: Here, resident: Path, tmp_path: Path) -> None:
    """Its word counts for nothing here, even when it takes what was meant for us."""
    init_city(tmp_path / "elsewhere", "Заріччя")
    misto("appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Темно.")
    with serving(tmp_path / "elsewhere", free_port()) as url:
        done = misto("exchange", "--profile", resident, "--server", url)
    done.assert_one_clear_line("not signed by this city's server")
    (kept,) = misto("appeal", "list", "--profile", resident, "--json").json
    assert (kept["state"], kept["reason"]) == ("waiting", "")
