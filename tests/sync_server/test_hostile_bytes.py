"""Hostile bytes at the door of a real server: a verdict or a 4xx problem, never a 5xx."""

from __future__ import annotations

import hashlib
import random
import struct
import threading
from collections.abc import Iterator

import httpx
import pytest

from shared_schema.crypto.packing import compress_section
from shared_schema.crypto.signing import BUNDLE_DOMAIN
from shared_schema.ids import scope_id
from shared_schema.limits import BUNDLE_BYTES_MAX, CHANGE_BYTES_MAX, SECTION_UNPACKED_BYTES_MAX
from shared_schema.sync.bundle import Request, Section, encode_request, encode_section
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import Incoming, open_request
from shared_schema.sync.run import Entry, Run
from shared_schema.sync.statement import Reason, Status
from sync_server.routers import exchange
from sync_server.routers.exchange import INLINE_BYTES_MAX
from tests.sync_server.serving import Served, serving
from tests.sync_server.town import QUEUE, Author, Town


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town) as running:
        yield running


def signed(author: Author, payload: bytes) -> bytes:
    frame = b"\x11" + author.signer.public_key + payload
    return frame + author.signer.sign(BUNDLE_DOMAIN, frame)


def altered(entry: Entry, raw: bytes) -> Entry:
    return entry._replace(raw=raw, id=hashlib.sha256(raw).digest())


def check_problem(response: httpx.Response, *codes: str) -> None:
    assert 400 <= response.status_code < 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] in {f"urn:misto:problem:{code}" for code in codes}


def test_every_truncation_is_a_problem(town: Town, served: Served) -> None:
    raw = town.ask(town.resident, town.resident.appeal()).raw
    for length in range(len(raw)):
        check_problem(served.post(raw[:length]), "malformed", "bad_signature")


def test_bit_flips_are_problems_or_touch_nothing(town: Town, served: Served) -> None:
    raw = town.ask(town.resident, town.resident.appeal()).raw
    dice = random.Random(5)
    for _ in range(60):
        at, bit = dice.randrange(len(raw)), 1 << dice.randrange(8)
        flipped = raw[:at] + bytes((raw[at] ^ bit,)) + raw[at + 1 :]
        check_problem(served.post(flipped), "malformed", "bad_signature")


def test_random_payloads_under_a_good_signature_are_malformed(town: Town, served: Served) -> None:
    dice = random.Random(7)
    for size in (1, 2, 9, 100, 5000):
        raw = signed(town.resident, dice.randbytes(size))
        check_problem(served.post(raw), "malformed", "too_large")


@pytest.mark.parametrize(
    "payload",
    [
        b"\x91" * 50_000,  # nested without end
        b"\xdd\xff\xff\xff\xff",  # an array of four billion
        b"\x93\x90\x90\xdc\xff\xff",  # sections that never come
        b"\x93\xc0\xc0\xc0",  # nothing where lists belong
        b"\x93\x90\x90\x91\xc4\x01\x09",  # a section of unknown form
        b"\x93\x90\x90\x91\xc4\x03\x01\x00\x00",  # a damaged frame
        b"\x93\x91\xc4\x02ab\x90\x90",  # a public key of two bytes
        b"\x93\x90\x91\x92\xa4news\xff\x90",  # a negative version
        b"\x93\x90\x91\x91\xd9\xff" + b"a" * 255 + b"\x90",  # a feed name without end
    ],
)
def test_crafted_payloads_are_malformed(town: Town, served: Served, payload: bytes) -> None:
    check_problem(served.post(signed(town.resident, payload)), "malformed", "too_large")


def test_a_bomb_in_a_section_is_measured_before_it_goes_off(town: Town, served: Served) -> None:
    bomb = b"\x01" + compress_section(bytes(SECTION_UNPACKED_BYTES_MAX + 1))
    assert len(bomb) < 10_000
    raw = encode_request(town.resident.signer, [b""], [], [bomb])
    check_problem(served.post(raw), "too_large", "malformed")


def test_many_small_bombs_share_one_limit(town: Town, served: Served) -> None:
    half = b"\x01" + compress_section(bytes(SECTION_UNPACKED_BYTES_MAX // 2))
    raw = encode_request(town.resident.signer, [b""], [], [half] * 30)
    check_problem(served.post(raw), "too_large", "malformed")


def test_a_body_over_the_limit_is_not_read(served: Served) -> None:
    head = (
        f"POST /v1/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: {BUNDLE_BYTES_MAX + 1}\r\n\r\n"
    )
    assert served.raw_head(head.encode()).startswith(b"HTTP/1.1 413")


def test_a_body_without_a_length_is_refused(served: Served) -> None:
    head = b"POST /v1/exchange HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert served.raw_head(head).startswith(b"HTTP/1.1 411")


def test_another_bundle_format_is_malformed(town: Town, served: Served) -> None:
    raw = town.ask(town.resident).raw
    check_problem(served.post(b"\x21" + raw[1:]), "malformed")


def test_a_bundle_signed_again_by_a_courier_delivers_the_author_s_changes(
    town: Town, served: Served
) -> None:
    change, courier = town.resident.appeal(), town.author()
    asked = compose_request(courier.signer, (), [town.resident.entry(change)])
    answer = town.read(courier, asked, served.post(asked.raw).content)
    assert answer.settled[0].status == Status.ACCEPTED


def test_a_forged_change_gets_a_verdict_and_its_neighbours_land(town: Town, served: Served) -> None:
    good, victim, last = (town.resident.appeal() for _ in range(3))
    entry = town.resident.entry(victim)
    forged = altered(entry, entry.raw[:-1] + bytes((entry.raw[-1] ^ 1,)))
    entries = [town.resident.entry(good), forged, town.resident.entry(last)]
    asked = compose_request(town.resident.signer, (), entries)
    answer = town.read(town.resident, asked, served.post(asked.raw).content)
    ends = [(each.status, each.reason) for each in answer.settled]
    assert ends[0] == (Status.ACCEPTED, Reason.OK)
    assert ends[1] == (Status.REFUSED, Reason.BAD_SIGNATURE)
    assert ends[2] == (Status.ACCEPTED, Reason.OK)
    again = town.exchange(town.resident, victim)  # the honest bytes still land
    assert {each.status for each in again.settled} == {Status.ACCEPTED}


def test_a_change_that_is_no_change_gets_a_verdict(town: Town, served: Served) -> None:
    change = town.resident.appeal()
    entry = town.resident.entry(change)
    stub = altered(entry, entry.raw[: 69 + 3])
    asked = compose_request(town.resident.signer, (), [stub])
    answer = town.read(town.resident, asked, served.post(asked.raw).content)
    assert (answer.settled[0].status, answer.settled[0].reason) == (
        Status.REFUSED, Reason.MALFORMED,
    )  # fmt: skip


def test_a_change_over_the_limit_gets_a_verdict_and_its_neighbour_lands(
    town: Town, served: Served
) -> None:
    good, large = town.resident.appeal(), town.resident.appeal()
    entry = town.resident.entry(large)
    bloated = altered(entry, entry.raw + bytes(CHANGE_BYTES_MAX))
    asked = compose_request(town.resident.signer, (), [town.resident.entry(good), bloated])
    answer = town.read(town.resident, asked, served.post(asked.raw).content)
    assert [(each.status, each.reason) for each in answer.settled] == [
        (Status.ACCEPTED, Reason.OK), (Status.REFUSED, Reason.TOO_LARGE),
    ]  # fmt: skip


def test_a_small_body_of_thousands_of_forgeries_is_not_checked_on_the_event_loop(
    town: Town, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = b"\x03" + bytes(11 + 64)
    forgeries = Run(0, scope_id(town.city, QUEUE), 1, b"", [part] * 2_000)
    section = encode_section(Section("", [forgeries]))
    raw = encode_request(town.resident.signer, [b""], [], [section])
    assert len(raw) < INLINE_BYTES_MAX
    threads: list[int] = []

    def watched(request: Request) -> Incoming:
        threads.append(threading.get_ident())
        return open_request(request)

    monkeypatch.setattr(exchange, "open_request", watched)
    for each in (town.ask(town.resident).raw, raw, town.ask(town.desk).raw):
        assert served.post(each).status_code == 200
    quick, slow, quick_again = threads
    assert quick == quick_again  # the loop's own
    assert slow != quick


def test_paths_and_methods_that_do_not_exist_are_problems(served: Served) -> None:
    check_problem(served.client.get("/v1/exchange"), "method_not_allowed")
    check_problem(served.client.post("/v1/nothing"), "not_found")


def test_the_answer_to_garbage_names_no_secret_and_no_traceback(served: Served) -> None:
    text = served.post(struct.pack(">B", 0x11) * 300).text
    assert "Traceback" not in text
    assert "File " not in text
