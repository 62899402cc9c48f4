"""The protocol page says what the code does, number by number."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared_schema import ids, limits
from shared_schema.crypto import padding, sealing, signing
from shared_schema.records.kinds import KINDS
from shared_schema.sync import change, digest, statement
from shared_schema.sync.statement import Reason, Status

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The rows of the table whose header line begins with this cell."""
    found = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", PAGE, re.M)
    assert found, f"no table that begins with {heading!r}"
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in found[1].strip().splitlines()
    ]


def test_every_limit_of_the_page_is_that_of_the_code() -> None:
    for name, number, _unit in rows("name"):
        assert getattr(limits, name) == int(number), name


def test_every_limit_of_the_wire_is_on_the_page() -> None:
    source = Path(limits.__file__).read_text(encoding="utf-8")
    wire = source.split("# The wire")[1].split("# Budgets")[0]
    names = set(re.findall(r"^([A-Z_]+): Final", wire, re.M))
    assert names <= {row[0] for row in rows("name")}


def test_statuses_and_reasons_are_complete_and_numbered_alike() -> None:
    assert {row[0]: int(row[1]) for row in rows("status") if row[1].isdigit()} == {
        each.name: each.value for each in Status
    }
    assert {row[0]: int(row[1]) for row in rows("reason")} == {
        each.name: each.value for each in Reason
    }


def test_the_table_of_kinds_is_the_registry() -> None:
    told = {
        (name, int(number, 16), int(version), scope, who, sealed == "yes", opens == "yes",
         tuple(fields.split(", ")))
        for name, number, version, scope, who, sealed, opens, fields in rows("kind")
    }  # fmt: skip
    assert told == {
        (kind.name, kind.number, kind.version, kind.scope, kind.writer, kind.sealed, kind.opens,
         kind.payload.__struct_fields__)
        for kind in KINDS
    }  # fmt: skip


def test_the_layout_of_a_change_adds_up() -> None:
    at = 0
    for offset, size, _field, _meaning in rows("offset")[:10]:
        assert int(offset) == at
        at += int(size)
    assert change.STREAM_BYTES == 69
    assert change.OWN_START == 81
    assert at == 97


@pytest.mark.parametrize(
    "domain",
    [
        ids._DEVICE, ids._CITY, ids._SCOPE, ids._MAIL, signing.CHANGE_DOMAIN,
        signing.BUNDLE_DOMAIN, signing.STATEMENT_DOMAIN, sealing._WRAP_INFO, sealing._THREAD_INFO,
        sealing._CHANGE_INFO, digest._TERM, digest._DIGEST,
    ],
)  # fmt: skip
def test_every_domain_string_is_on_the_page(domain: bytes) -> None:
    assert '"' + domain.decode().replace("\0", "\\0") + '"' in PAGE


def test_sizes_that_the_page_names_in_passing() -> None:
    assert sealing.WRAP_BYTES == 82
    assert padding.PADDED_BYTES_MIN == 96
    assert statement.RECEIPT_CONTEXT.size == 16 + 16 + 4 + 32
    assert statement.HEAD_CONTEXT.size == 16 + 32
    assert digest.STATE_BYTES == 256
