"""Neighbours on loopback: real sockets, real TLS, and people who mean ill on either side."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from client.transports import lan, lan_server
from client.transports.http import ReplyTooLarge, ServerRefused, Unreachable
from client.transports.lan import LanAnswer, LanVisit
from client.transports.lan_server import Flood, serving
from client.transports.lan_tls import Session, WrongPeer, visitor_context
from shared_schema.errors import ProtocolError
from shared_schema.limits import LAN_BUNDLE_BYTES_MAX, LAN_POSTS_MAX
from shared_schema.sync.lan_address import LanAddress, read_address
from tests.threads import assert_none_left

HERE = "127.0.0.1"


class Neighbour:
    """Gives what it has, notes what it gets, and does not like what begins with `bad`."""

    def __init__(self, *bundles: bytes) -> None:
        self.bundles = list(bundles)
        self.taken: list[bytes] = []

    def give(self, visitor: str) -> list[bytes]:
        return self.bundles

    def sent(self, visitor: str, raw: bytes, *, arrived: bool) -> None:
        """It says nothing."""

    def take(self, raw: bytes) -> None:
        self.taken.append(raw)
        if raw.startswith(b"bad"):
            raise ProtocolError("no bundle")

    def took(self) -> bytes:
        """All it got, once it got something; it may be about it still."""
        until = time.monotonic() + 10
        while not self.taken and time.monotonic() < until:
            time.sleep(0.01)
        return b"".join(self.taken)


@pytest.fixture
def host() -> Neighbour:
    return Neighbour(b"first", b"second", b"third")


@pytest.fixture
def address(host: Neighbour) -> Iterator[LanAddress]:
    with serving(host, HERE) as where:
        yield where


def spoken(address: LanAddress) -> ssl.SSLSocket:
    """A visitor that says what it likes."""
    plain = socket.create_connection((address.host, address.port), timeout=10)
    return visitor_context().wrap_socket(plain)


def heard(connection: socket.socket) -> bytes:
    raw = b""
    with suppress(OSError):
        while piece := connection.recv(65_536):
            raw += piece
    return raw


def test_each_post_gets_the_next_bundle_and_an_empty_one_may_be_posted(
    host: Neighbour, address: LanAddress
) -> None:
    assert read_address(str(address)) == address
    with LanVisit(address) as visit:
        answers = [visit.post(each) for each in (b"mine", b"", b"more", b"")]
    assert [(each.raw, each.left, each.cut) for each in answers] == [
        (b"first", 2, False), (b"second", 1, False), (b"third", 0, False), (b"", 0, False)
    ]  # fmt: skip
    assert host.taken == [b"mine", b"more"]
    assert (visit.bytes_up, visit.bytes_down) == (8, 16)


def test_every_visit_gets_all_of_it(address: LanAddress) -> None:
    for _ in range(3):
        with LanVisit(address) as visit:
            assert visit.post(b"").raw == b"first"


def test_a_large_bundle_goes_both_ways() -> None:
    large = bytes(range(256)) * (LAN_BUNDLE_BYTES_MAX // 256)
    host = Neighbour(large)
    with serving(host, HERE) as address, LanVisit(address) as visit:
        assert visit.post(large).raw == large
    assert host.taken == [large]


def test_every_session_has_a_key_of_its_own() -> None:
    with serving(Neighbour(), HERE) as first, serving(Neighbour(), HERE) as second:
        assert first.fingerprint != second.fingerprint


def test_a_peer_with_another_key_is_given_nothing() -> None:
    host = Neighbour(b"bait")
    with serving(host, HERE) as real:
        told = LanAddress(real.host, real.port, Session().fingerprint)
        with pytest.raises(WrongPeer):
            LanVisit(told)
    assert not host.taken


def test_a_peer_that_shows_a_key_and_does_not_have_it_is_found_out(
    tmp_path: Path, address: LanAddress
) -> None:
    """Anybody may show a certificate that was seen: TLS asks for a signature by its key."""
    with spoken(address) as honest:
        shown = honest.getpeercert(binary_form=True)
    assert shown
    key = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    file = tmp_path / "thief.pem"
    file.write_bytes(ssl.DER_cert_to_PEM_cert(shown).encode() + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with pytest.raises(ssl.SSLError, match="KEY_VALUES_MISMATCH"):
        context.load_cert_chain(file)


def test_a_listener_on_the_wire_reads_nothing(host: Neighbour) -> None:
    with serving(host, HERE) as real, _wire(real) as (told, wire), LanVisit(told) as visit:
        assert visit.post(b"what a courier carries").raw == b"first"
    assert b"first" not in wire
    assert b"courier" not in wire


@contextmanager
def _wire(real: LanAddress) -> Iterator[tuple[LanAddress, bytearray]]:
    """Somebody in between who passes on everything, and keeps a copy."""
    copy = bytearray()
    listener = socket.create_server((HERE, 0))

    def pass_on(here: socket.socket, there: socket.socket) -> None:
        with suppress(OSError):
            while piece := here.recv(65_536):
                copy.extend(piece)
                there.sendall(piece)
            there.shutdown(socket.SHUT_WR)

    def run() -> None:
        here, _ = listener.accept()
        there = socket.create_connection((real.host, real.port))
        back = threading.Thread(target=pass_on, args=(there, here), daemon=True)
        back.start()
        pass_on(here, there)
        back.join(10)
        here.close()
        there.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with listener:
        yield LanAddress(HERE, listener.getsockname()[1], real.fingerprint), copy
    thread.join(10)


def test_what_the_host_does_not_like_is_said_by_its_code(address: LanAddress) -> None:
    with LanVisit(address) as visit, pytest.raises(ServerRefused) as refused:
        visit.post(b"bad bundle")
    assert (refused.value.status, refused.value.problem) == (400, "malformed")


def test_a_mistake_of_the_host_says_nothing_of_what_went_wrong(host: Neighbour) -> None:
    def broken() -> list[bytes]:
        raise RuntimeError("the password is 12345")

    host.give = broken  # type: ignore[method-assign]
    with (
        serving(host, HERE) as address,
        LanVisit(address) as visit,
        pytest.raises(ServerRefused) as refused,
    ):
        visit.post(b"mine")
    assert (refused.value.status, refused.value.problem) == (500, "")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"POST /v1/courier HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", b"413"),
        (b"POST /v1/courier HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /v1/courier HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n", b"411"),
        (b"POST /v1/courier HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"411"),
        (b"POST /v1/exchange HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", b"404"),
        (b"GET /v1/courier HTTP/1.1\r\n\r\n", b"501"),
        (b"nonsense\r\n\r\n", b"no HTTP, no answer"),
        (b"POST /v1/courier HTTP/1.1\r\n" + b"X: y\r\n" * 300 + b"\r\n", b"431"),
    ],
)
def test_a_visitor_that_asks_for_too_much_is_refused_by_a_number(
    host: Neighbour, address: LanAddress, said: bytes, status: bytes
) -> None:
    with spoken(address) as visitor:
        visitor.sendall(said)
        answer = heard(visitor)
    assert answer[9:12] == status or (not answer and b"no" in status), answer[:80]
    assert len(answer) < 200
    assert b"Python" not in answer
    assert not host.taken


def test_a_post_that_is_cut_off_is_taken_as_far_as_it_came(
    host: Neighbour, address: LanAddress
) -> None:
    with spoken(address) as visitor:
        visitor.sendall(b"POST /v1/courier HTTP/1.1\r\nContent-Length: 1000\r\n\r\nhalf of it")
    assert host.took() == b"half of it"


def test_who_speaks_slowly_is_hung_up_on_and_what_came_is_taken(
    host: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lan_server, "PATIENCE", lan_server.PATIENCE._replace(visit_s=0.6))
    with serving(host, HERE) as address, spoken(address) as visitor:
        visitor.sendall(b"POST /v1/courier HTTP/1.1\r\nContent-Length: 1000\r\n\r\n")
        begun = time.monotonic()
        with suppress(OSError):
            while time.monotonic() < begun + 10:
                visitor.sendall(b".")
                time.sleep(0.05)
        assert time.monotonic() < begun + 9
        assert set(host.took()) == {ord(".")}


def test_silent_visitors_before_and_after_the_greeting_take_no_place_for_long(
    host: Neighbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = lan_server.PATIENCE._replace(silent_s=0.4, queue_s=5)
    monkeypatch.setattr(lan_server, "PATIENCE", patience)
    with serving(host, HERE) as address:
        silent = [socket.create_connection((address.host, address.port)) for _ in range(4)]
        silent += [spoken(address) for _ in range(3)]
        with LanVisit(address) as visit:
            assert visit.post(b"").raw == b"first"
        for each in silent:
            each.close()


def test_a_visitor_without_tls_hears_nothing_of_ours(address: LanAddress) -> None:
    with socket.create_connection((address.host, address.port), timeout=10) as visitor:
        visitor.sendall(b"POST /v1/courier HTTP/1.1\r\nContent-Length: 0\r\n\r\n")
        assert b"first" not in heard(visitor)


def test_a_flood_is_dropped_and_the_others_are_served() -> None:
    now = [0.0]
    flood = Flood(each_max=3, all_max=5, clock=lambda: now[0])
    assert [flood.allows("10.0.0.1") for _ in range(5)] == [True, True, True, False, False]
    assert [flood.allows("10.0.0.2") for _ in range(4)] == [True, True, False, False]
    now[0] = 61
    assert flood.allows("10.0.0.1")
    assert len(flood._visits) == 1


def test_a_flood_over_real_sockets_ends_before_tls(host: Neighbour, address: LanAddress) -> None:
    def comes_in() -> bool:
        try:
            LanVisit(address).close()
        except Unreachable:
            return False
        return True

    came = [comes_in() for _ in range(lan_server.VISITS_PER_MINUTE_MAX + 3)]
    assert came == [True] * lan_server.VISITS_PER_MINUTE_MAX + [False] * 3


def test_a_visit_without_end_has_one(address: LanAddress) -> None:
    with LanVisit(address) as visit:
        for _ in range(LAN_POSTS_MAX):
            visit.post(b"")
        with pytest.raises(ServerRefused) as refused:
            visit.post(b"")
    assert refused.value.status == 429


def test_when_the_person_closes_it_nobody_is_served_any_more(host: Neighbour) -> None:
    before = threading.active_count()
    with serving(host, HERE) as address:
        visit = LanVisit(address)
        visit.post(b"")
    with pytest.raises(Unreachable):
        visit.post(b"late")
    visit.close()
    with pytest.raises(Unreachable):
        LanVisit(address)
    assert not host.taken
    assert_none_left(before)


# ------------------------------------------------------------------------- hosts that mean ill


@contextmanager
def strange(act: Callable[[ssl.SSLSocket], None]) -> Iterator[LanAddress]:
    """A host that has its key, reads one post, and then does as it likes."""
    session = Session()
    listener = socket.create_server((HERE, 0))

    def run() -> None:
        with suppress(OSError):
            plain, _ = listener.accept()
            with session.context.wrap_socket(plain, server_side=True) as connection:
                connection.settimeout(10)
                _read_post(connection)
                act(connection)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    with listener:
        yield LanAddress(HERE, listener.getsockname()[1], session.fingerprint)
    thread.join(10)


def _read_post(connection: ssl.SSLSocket) -> None:
    """Unread bytes would reset the connection, and what was said last would be lost."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += connection.recv(65_536)
    head, _, body = raw.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65_536)


def says(*pieces: bytes) -> Callable[[ssl.SSLSocket], None]:
    return lambda connection: [connection.sendall(each) for each in pieces] and None


OK = b"HTTP/1.1 200 OK\r\n"


def test_an_answer_that_is_cut_off_is_handed_on_as_far_as_it_came() -> None:
    half = OK + b"Content-Length: 100\r\n\r\nhalf"
    with strange(says(half)) as address, LanVisit(address) as visit:
        assert visit.post(b"mine") == LanAnswer(b"half", 0, True)


def test_an_answer_that_stops_is_handed_on_as_far_as_it_came() -> None:
    def stops(connection: ssl.SSLSocket) -> None:
        connection.sendall(OK + b"Content-Length: 100\r\n\r\nhalf")
        heard(connection)

    with strange(stops) as address, LanVisit(address, silent_s=0.3) as visit:
        assert visit.post(b"mine") == LanAnswer(b"half", 0, True)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (OK + b"Content-Length: 99999999999\r\n\r\n", ReplyTooLarge),
        (OK + b"\r\n" + b"x" * 1000, Unreachable),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Unreachable),
        (b"HTTP/1.1 500 " + b"x" * 70_000 + b"\r\n\r\n", Unreachable),
        (OK + b"X: y\r\n" * 300 + b"\r\n", Unreachable),
        (b"\x16\x03garbage\r\n\r\n", Unreachable),
        (b"", Unreachable),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://evil/\r\nContent-Length: 0\r\n\r\n",
            ServerRefused,
        ),
        (b"HTTP/1.1 400 x\r\nContent-Length: 3\r\n\r\n\xff\xfe\xfd", ServerRefused),
    ],
)
def test_a_strange_answer_is_an_error_and_not_a_bundle(
    answer: bytes, error: type[Exception]
) -> None:
    with (
        strange(says(answer)) as address,
        LanVisit(address, silent_s=2) as visit,
        pytest.raises(error),
    ):
        visit.post(b"mine")


@pytest.mark.parametrize("left", ["-5", "many", "9" * 900])
def test_a_strange_number_of_bundles_left_is_none(left: str) -> None:
    answer = OK + f"Content-Length: 1\r\nMisto-Left: {left}\r\n\r\nx".encode()
    with strange(says(answer)) as address, LanVisit(address) as visit:
        assert visit.post(b"").left == 0


def test_a_host_that_drips_its_answer_does_not_hold_a_visitor_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def drips(connection: ssl.SSLSocket) -> None:
        connection.sendall(OK + b"Content-Length: 100000\r\n\r\n")
        while True:
            connection.sendall(b".")
            time.sleep(0.05)

    monkeypatch.setattr(lan, "VISIT_S", 0.6)
    begun = time.monotonic()
    with strange(drips) as address, LanVisit(address) as visit:
        answer = visit.post(b"")
    assert answer.cut
    assert set(answer.raw) == {ord(".")}
    assert time.monotonic() < begun + 9
