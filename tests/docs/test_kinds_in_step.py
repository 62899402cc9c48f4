"""The tables of kinds and payloads on the protocol page are the registry, field by field."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from shared_schema import limits
from shared_schema.records.kinds import KINDS
from tests.docs.pages import rows


def test_the_table_of_kinds_is_the_registry() -> None:
    told = {
        (name, int(number, 16), int(version), scope, who, sealed == "yes", opens == "yes")
        for name, number, version, scope, who, sealed, opens in rows("kind", "number")
    }
    assert told == {
        (kind.name, kind.number, kind.version, kind.scope, kind.writer, kind.sealed, kind.opens)
        for kind in KINDS
    }


def test_every_field_of_every_payload_is_told_in_its_order() -> None:
    told = [(kind, int(place), name) for kind, place, name, _, _ in rows("payload of", "#")]
    assert told == [
        (kind.name, place, field)
        for kind in KINDS
        for place, field in enumerate(kind.payload.__struct_fields__)
    ]


def test_every_field_has_the_values_and_the_default_that_are_told() -> None:
    fields = {
        (kind.name, field.name): field
        for kind in KINDS
        for field in msgspec.structs.fields(kind.payload)
    }
    for kind, _, name, values, default in rows("payload of", "#"):
        field = fields[kind, name]
        assert bounds(values) == bounds_of(field.type), f"{kind}.{name}"
        assert (default == "") is field.required, f"{kind}.{name}"
        if default:
            value = int(default) if default.isdigit() else default.strip("`")
            assert value == field.default, f"{kind}.{name}"


def bounds(told: str) -> tuple[Any, ...]:
    """What a cell of the table says, in numbers."""
    if told.startswith("one of "):
        values = told.removeprefix("one of ").split(", ")
        return ("one", *sorted(value.strip("`") for value in values))
    if digits := re.fullmatch(r"(\d+) lower-case hex digits", told):
        return ("pattern", f"^[0-9a-f]{{{digits[1]}}}$")
    if number := re.fullmatch(r"integer (\d+) to (\d+)", told):
        return ("int", int(number[1]), int(number[2]))
    found = re.fullmatch(r"(\d+) to (\w+) characters", told)
    assert found, told
    most = int(found[2]) if found[2].isdigit() else getattr(limits, found[2])
    return ("text", int(found[1]), most)


def bounds_of(kind: Any) -> tuple[Any, ...]:
    """What msgspec enforces, in the same form."""
    info = msgspec.inspect.type_info(kind)
    if isinstance(info, msgspec.inspect.LiteralType):
        return ("one", *sorted(info.values))
    if isinstance(info, msgspec.inspect.IntType):
        return ("int", info.ge, info.le)
    assert isinstance(info, msgspec.inspect.StrType)
    if info.pattern:
        return ("pattern", info.pattern)
    return ("text", info.min_length or 0, info.max_length)
