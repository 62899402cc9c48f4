"""The protocol page says what the code does, number by number."""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import pytest

from shared_schema import ids, limits
from shared_schema.crypto import packing, padding, sealing, signing, slip
from shared_schema.sync import (
    bundle,
    carried,
    change,
    courier,
    digest,
    forms,
    frames,
    invitation,
    lan_address,
    public,
    run,
    statement,
)
from shared_schema.sync import (
    part as parts,
)
from shared_schema.sync.bundle import Payload, Section, Want
from shared_schema.sync.statement import Reason, Status
from sync_server.routers import about, carry, exchange, part, problems
from tests.docs.pages import PROTOCOL, rows

ARRAYS: Final[dict[str, type[msgspec.Struct]]] = {
    "run": run.Run,
    "payload": Payload,
    "want": Want,
    "section": Section,
    "statement": statement.Statement,
    "receipt": statement.Receipt,
    "head": statement.Head,
    "public": public._Public,
}


def test_every_limit_of_the_page_is_that_of_the_code() -> None:
    for name, number, _unit in rows("name", "number"):
        assert getattr(limits, name) == int(number), name


def test_every_limit_of_the_wire_is_on_the_page() -> None:
    source = Path(limits.__file__).read_text(encoding="utf-8")
    wire = source.split("# The wire")[1].split("# People's texts")[0]
    names = set(re.findall(r"^([A-Z_]+): Final", wire, re.M))
    assert len(names) > 15
    assert names <= {row[0] for row in rows("name", "number")}


def test_limits_that_the_text_names_are_in_the_table() -> None:
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*_(?:MAX|DEFAULT|BYTES)\b", PROTOCOL))
    assert named == {row[0] for row in rows("name", "number")}


def test_statuses_and_reasons_are_complete_and_numbered_alike() -> None:
    assert {row[0]: int(row[1]) for row in rows("status", "number")} == {
        each.name: each.value for each in Status
    }
    assert {row[0]: int(row[1]) for row in rows("reason", "number")} == {
        each.name: each.value for each in Reason
    }


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_the_arrays_have_the_fields_of_the_code_in_its_order(name: str) -> None:
    told = rows("#", name)
    fields = msgspec.structs.fields(ARRAYS[name])
    assert [int(row[0]) for row in told] == list(range(len(fields)))
    assert [row[1] for row in told] == [field.name for field in fields]
    for (_, _, told_type, *_), field in zip(told, fields, strict=True):
        info = msgspec.inspect.type_info(field.type)
        if isinstance(info, msgspec.inspect.ListType):
            assert told_type.startswith("array of"), field.name
        else:
            plain = info.__class__.__name__.removesuffix("Type").lower()
            wanted = {"bytes": "bin"}.get(plain, plain)
            assert told_type.split(",")[0].split()[0] == wanted, field.name


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_what_may_be_left_out_is_said(name: str) -> None:
    for row, field in zip(rows("#", name), msgspec.structs.fields(ARRAYS[name]), strict=True):
        assert ("default" in row[2]) is not field.required, field.name


def test_the_layout_of_a_change_adds_up() -> None:
    told = rows("offset", "size")
    at = 0
    for offset, size, _field, _meaning in told[:10]:
        assert int(offset) == at
        at += int(size)
    sizes = {row[2]: int(row[1]) for row in told if row[1].isdigit()}
    stream = ("format", "device", "scope", "seq", "prev")
    own = ("flags", "time", "kind", "kind version")
    assert sum(sizes[name] for name in stream) == change.STREAM.size
    assert sum(sizes[name] for name in own) == change.OWN.size
    assert (change.OWN_START, at) == (81, 97)
    assert "81 bytes of an opening change, 97 of any other" in PROTOCOL
    assert sizes["signature"] == signing.SIGNATURE_BYTES


def test_the_flags_are_told_with_their_values() -> None:
    (told,) = (row[3] for row in rows("offset", "size") if row[2] == "flags")
    urgency = change.URGENCY_MAX << change.URGENCY_SHIFT
    assert told == (
        f"bit 0 ({change.SEALED}) sealed, bit 1 ({change.OPENING}) opening,"
        f" bits 2-3 ({urgency}) urgency"
    )


def test_contexts_and_the_sealed_body_have_the_sizes_told() -> None:
    receipt = sum(int(row[1]) for row in rows("context of a receipt"))
    head = sum(int(row[1]) for row in rows("context of a head"))
    assert receipt == statement.RECEIPT_CONTEXT.size
    assert head == statement.HEAD_CONTEXT.size
    assert f"it has {receipt} bytes" in PROTOCOL
    assert f"in order, {head} bytes" in PROTOCOL
    parts = [row[1] for row in rows("part of a sealed body")]
    assert parts[1:3] == [str(sealing.WRAP_BYTES), str(sealing.SALT_BYTES)]
    assert parts[3] == f"padded length + {sealing.TAG_BYTES}"


@pytest.mark.parametrize(
    "domain",
    [
        ids._DEVICE, ids._CITY, ids._SCOPE, ids._MAIL, signing.CHANGE_DOMAIN,
        signing.BUNDLE_DOMAIN, signing.STATEMENT_DOMAIN, sealing._WRAP_INFO, sealing._THREAD_INFO,
        sealing._CHANGE_INFO, sealing._INTERNAL_INFO, sealing._BOX_INFO,
        sealing._QUEUE_SECRET_INFO, digest._TERM, digest._DIGEST,
        signing.JOIN_DOMAIN, invitation._SEED_INFO,
        slip._CHECK, slip._PASSWORD, slip._SIGNING, slip._DEVICE, frames._TRANSFER, frames._PICK,
        lan_address._KEY,
    ],
)  # fmt: skip
def test_every_domain_string_is_on_the_page(domain: bytes) -> None:
    assert '"' + domain.decode().replace("\0", "\\0") + '"' in PROTOCOL


def test_no_domain_string_of_the_shared_code_is_forgotten() -> None:
    """The list above is complete: the source has no other."""
    package = Path(limits.__file__).parent
    source = "".join(path.read_text(encoding="utf-8") for path in package.rglob("*.py"))
    made = set(re.findall(r'= b"(misto/[^"\\]+)\\0"', source))
    assert len(made) == 24
    assert made == set(re.findall(r'"(misto/[^"\\]+)\\0"', PROTOCOL))


def test_the_marks_of_bundles_are_told() -> None:
    assert f"request = 0x{bundle.REQUEST:02x} ‖" in PROTOCOL
    assert f"reply   = 0x{bundle.REPLY:02x} ‖" in PROTOCOL
    assert f"courier bundle = 0x{courier.COURIER:02x} ‖" in PROTOCOL


def test_the_items_of_courier_bundles_are_told() -> None:
    assert [row[0] for row in rows("item type", "bytes")] == [
        f"{courier.REQUEST_ITEM} request",
        f"{courier.REPLY_ITEM} reply",
        f"{courier.PUBLIC_ITEM} public",
        f"{courier.FORM_ITEM} form",
        f"{courier.ANSWER_ITEM} answer",
    ]
    assert f"type (1, below 0x{forms.FILLING:02x})" in PROTOCOL
    assert forms._PIECE.size == 2 + 2
    assert f"{limits.CARRIED_UNPACKED_RATIO_MAX} times its own length and 64 KiB" in PROTOCOL
    assert carried._UNPACKED_BYTES_FREE == 64 * 1024
    assert packing._STREAM_WINDOW_BYTES_MAX == 8 * 1024 * 1024
    assert packing._STREAM_BLOCK_BYTES_MIN == 2 * 1024


def test_the_head_of_a_frame_is_told() -> None:
    assert [int(row[1]) for row in rows("head of a frame", "bytes")] == [8, 4, 4]
    assert frames.HEAD.size == 16
    assert f'text  = "{frames.PREFIX}" ‖ base45(frame)' in PROTOCOL


def test_the_door_between_neighbours_is_told() -> None:
    ((method, path, *_),) = rows("neighbour's method", "path")
    assert (method, path) == ("POST", lan_address.PATH)
    assert f"`{lan_address.LEFT}`" in PROTOCOL
    assert f"`{lan_address.SERVICE}`" in PROTOCOL
    assert f'"{lan_address.PREFIX}"' in PROTOCOL
    assert f"{lan_address.FINGERPRINT_CHARS} characters, of the first 10 bytes" in PROTOCOL
    assert lan_address.FINGERPRINT_BYTES == 10


def test_the_dictionary_is_the_one_told() -> None:
    ((number, where, size, told),) = rows("dictionary", "where")
    raw = (files("shared_schema.crypto") / "dictionaries" / f"{number}.zdict").read_bytes()
    assert int(number) == packing.DICTIONARY_NUMBER
    assert where.strip("`").endswith(f"dictionaries/{number}.zdict")
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (int(size), told)


def test_slips_are_told_as_they_are_made() -> None:
    ((number, where, size, told),) = rows("slip words", "where")
    raw = (files("shared_schema.crypto") / "dictionaries" / f"slip-{number}.txt").read_bytes()
    assert where.strip("`").endswith(f"dictionaries/slip-{number}.txt")
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (int(size), told)
    stretching = f"passes {slip.TIME_COST}, memory {slip.MEMORY_KIB} KiB, lanes {slip.LANES}"
    assert stretching in PROTOCOL
    assert f"`{slip.QR_PREFIX}`" in PROTOCOL
    assert f"`{slip._LETTERS}`" in PROTOCOL


def test_the_packings_are_told() -> None:
    text = "Немає води. " * 40
    assert packing.pack_open("😀")[0] == 0
    assert packing.pack_open(text)[0] == 1
    assert packing.pack_sealed(text + "😀")[0] == 2
    assert packing.pack_sealed(text)[0] == 3
    assert [int(row[0]) for row in rows("packing", "charset")] == [0, 1, 2, 3]


def test_the_frame_around_a_block_is_told() -> None:
    assert "frame header 00 30 (hex;" in PROTOCOL
    assert bytes.fromhex("0030") == packing._TEXT_FRAME
    assert packing._block_head(b"x" * 100) == (8 * 100 + 5).to_bytes(3, "little")
    assert limits.BODY_UNPACKED_BYTES_MAX == 64 * 1024


def test_parts_are_told() -> None:
    assert f"part   = 0x{parts.PART:02x}, door u8" in PROTOCOL
    assert f"Shorter than {parts.PART_HEAD_BYTES} bytes" in PROTOCOL
    assert {parts.EXCHANGE_DOOR, parts.CARRY_DOOR} == {1, 2}
    assert f"each for {limits.PARTS_KEPT_S // 60} minutes after its" in PROTOCOL


def test_sizes_that_the_page_names_in_passing() -> None:
    assert padding.PADDED_BYTES_MIN == 96
    assert digest.STATE_BYTES == 256
    assert packing._DICTIONARY_HELPS_BYTES_MAX == 128 * 1024


def test_the_problems_are_those_of_the_server() -> None:
    told = {(int(status), code) for status, code, _ in rows("HTTP status", "code")}
    made = {(int(status), kind.code) for kind, status in problems.STATUS_OF.items()}
    assert told == made | {(500, problems.FAULT)}
    assert problems.TYPE_PREFIX + "CODE" in PROTOCOL


def test_the_paths_are_those_of_the_server() -> None:
    served = {
        (method, getattr(route, "path", ""))
        for router in (exchange.router, carry.router, part.router, about.router)
        for route in router.routes
        for method in getattr(route, "methods", ())
    }
    assert {(row[0], row[1]) for row in rows("method", "path")} == served
