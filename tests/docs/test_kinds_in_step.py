"""The tables of kinds and payloads on the protocol page are the registry, field by field."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final

import msgspec
import pytest
from msgspec import Meta, inspect

from shared_schema import limits
from shared_schema.records import appeal, outage, place, trust
from shared_schema.records.desk import MARKS
from shared_schema.records.kinds import BY_NAME, INTERNAL, KINDS
from tests.docs.pages import PROTOCOL, rows

LATER: Final = " *later*"
INNER: Final[dict[str, type[msgspec.Struct]]] = {
    "position": appeal.Position,
    "wrap": trust.Wrap,
}
"""Arrays inside payloads, by the name that their table has."""


def test_the_table_of_kinds_is_the_registry() -> None:
    told = {
        (name, int(number, 16), int(version), scope, who, sealed == "yes", opens == "yes")
        for name, number, version, scope, who, sealed, opens, _ in rows("kind", "number")
    }
    assert told == {
        (kind.name, kind.number, kind.version, kind.scope, kind.writer, kind.sealed, kind.opens)
        for kind in KINDS
    }


def test_the_kinds_that_no_author_gets_are_told() -> None:
    """A second server that missed one would mail officers' notes to those whom they are about."""
    told = {row[0]: row[-1] for row in rows("kind", "number")}
    assert set(told.values()) == {"yes", "no"}
    internal = {name for name, cell in told.items() if cell == "yes"}
    assert internal == {kind.name for kind in KINDS if kind.internal}
    assert {BY_NAME[name].number for name in internal} == INTERNAL
    assert {row[1] for row in rows("kind", "number") if row[-1] == "yes"} == {
        f"0x{number:04x}" for number in INTERNAL
    }


def test_the_marks_of_the_journal_are_told_with_their_names() -> None:
    (told,) = re.findall(r"`marks` say what [^:]+: ([^.]+)\.", PROTOCOL)
    assert re.findall(r"`(\w+)`", told) == list(MARKS)


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
        told = default.removesuffix(LATER)
        assert (told == "") is field.required, f"{kind}.{name}"
        if told:
            assert same(value_of(told), default_of(field)), f"{kind}.{name}"


def test_a_field_that_came_later_has_a_default() -> None:
    """Or else what was said before it came could not be read."""
    marked = [default for *_, default in rows("payload of", "#") if default.endswith(LATER)]
    assert marked
    assert all(default.removesuffix(LATER) for default in marked)


def test_later_fields_are_the_last_of_their_array() -> None:
    marked: dict[str, list[bool]] = {}
    for kind, _, _, _, default in rows("payload of", "#"):
        marked.setdefault(kind, []).append(default.endswith(LATER))
    assert any(map(any, marked.values()))
    for marks in marked.values():
        assert marks == sorted(marks)


@pytest.mark.parametrize("name", sorted(INNER))
def test_arrays_inside_payloads_are_told_in_their_order(name: str) -> None:
    told = [(int(place), field) for place, field, _ in rows("#", name)]
    assert told == list(enumerate(INNER[name].__struct_fields__))
    for (_, field, values), info in zip(
        rows("#", name), msgspec.structs.fields(INNER[name]), strict=True
    ):
        assert info.required, field
        assert bounds(values) == bounds_of(info.type), field


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("array of 0 to PLACE_OFFERS_MAX: 0 to 5 characters", Annotated[list[str], Meta()]),
        ("array of 0 to 2: 0 to 5 characters", Annotated[list[str], Meta(max_length=2)]),
        ("integer 0 to 5, or null", Annotated[int, Meta(ge=0, le=5)]),
        ("integer 0 to 5", Annotated[int, Meta(ge=0, le=5)] | None),
        ("integer 0 to 5", Annotated[int, Meta(gt=0, le=5)]),
        ("boolean", Annotated[int, Meta(ge=0, le=1)]),
        ("a position, or null", appeal.Position),
        ("48 of `-`, `+`", Annotated[str, Meta(pattern=r"^[-+?]{48}\Z")]),
        ("0 to 5 characters", Annotated[str, Meta(max_length=6)]),
        ("8 lower-case hex digits", Annotated[str, Meta(pattern=r"^([0-9a-f]{8})?\Z")]),
        ("8 lower-case hex digits, or nothing", Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]),
        ("8 lower-case hex digits", Annotated[str, Meta(pattern=r"[0-9a-f]{8}\Z")]),
        ("8 lower-case hex digits", Annotated[str, Meta(pattern=r"^[0-9a-f]{8}")]),
        (
            "array of 0 to 2: 8 lower-case hex digits",
            Annotated[list[Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]], Meta(max_length=2)]
            | None,
        ),
    ],
)
def test_a_page_that_says_something_else_is_found_out(told: str, other: Any) -> None:
    """The reading of cells is no weaker for the sorts that lists and nulls brought."""
    assert bounds(told) != bounds_of(other)


@pytest.mark.parametrize(("told", "other"), [("true", 1), ("0", False), ("[]", None), ("``", [])])
def test_a_default_of_another_type_is_another_default(told: str, other: object) -> None:
    assert not same(value_of(told), other)


@pytest.mark.parametrize(
    ("field", "values"), [("sort", place.SORTS), ("utility", outage.UTILITIES)]
)
def test_open_lists_of_values_are_told_in_full(field: str, values: tuple[str, ...]) -> None:
    (told,) = re.findall(rf"`{field}` is one of ([^.;]+), or a newer one", PROTOCOL)
    assert re.findall(r"`(\w+)`", told) == list(values)


def value_of(told: str) -> object:
    """A default, as the table writes it."""
    words: dict[str, object] = {"null": None, "true": True, "false": False, "[]": []}
    if told in words:
        return words[told]
    if told.isdigit():
        return int(told)
    assert re.fullmatch(r"`[^`]*`", told), told
    return told.strip("`")


def default_of(field: msgspec.structs.FieldInfo) -> object:
    """A field's default, made when it is one of those that are made."""
    made = field.default_factory
    return field.default if made is msgspec.NODEFAULT else made()


def same(one: object, other: object) -> bool:
    """Equal, and of the same type: in JSON `true` is not 1."""
    return type(one) is type(other) and one == other


def bounds(told: str) -> tuple[Any, ...]:
    """What a cell of the table says, in numbers."""
    if told.endswith(", or null"):
        return ("or null", bounds(told.removesuffix(", or null")))
    if told.startswith("one of "):
        values = told.removeprefix("one of ").split(", ")
        return ("one", *sorted(value.strip("`") for value in values))
    if array := re.fullmatch(r"array of (\d+) to (\w+): (.+)", told):
        return ("array", int(array[1]), most(array[2]), bounds(array[3]))
    if inner := re.fullmatch(r"a (\w+)", told):
        return ("inner", INNER[inner[1]])
    if told == "boolean":
        return ("boolean",)
    if digits := re.fullmatch(r"(\d+) lower-case hex digits(, or nothing)?", told):
        one = f"[0-9a-f]{{{digits[1]}}}"
        return ("pattern", f"^({one})?$" if digits[2] else f"^{one}$")
    if signs := re.fullmatch(r"(\d+) of (`.`(?:, `.`)*)", told):
        return ("pattern", f"^[{signs[2].replace('`', '').replace(', ', '')}]{{{signs[1]}}}$")
    if number := re.fullmatch(r"integer (-?\d+) to (\d+)", told):
        return ("int", int(number[1]), int(number[2]))
    found = re.fullmatch(r"(\d+) to (\w+) characters", told)
    assert found, told
    return ("text", int(found[1]), most(found[2]))


def most(told: str) -> int:
    """A number, or the name of a limit."""
    return int(told) if told.isdigit() else int(getattr(limits, told))


def bounds_of(kind: Any) -> tuple[Any, ...]:
    """What msgspec enforces, in the same form."""
    return bounds_in(msgspec.inspect.type_info(kind))


def bounds_in(info: Any) -> tuple[Any, ...]:
    """The same, of a type that msgspec has looked into."""
    if isinstance(info, inspect.UnionType):
        (kind,) = (each for each in info.types if not isinstance(each, inspect.NoneType))
        return ("or null", bounds_in(kind))
    if isinstance(info, inspect.LiteralType):
        return ("one", *sorted(info.values))
    if isinstance(info, inspect.ListType):
        return ("array", info.min_length or 0, info.max_length, bounds_in(info.item_type))
    if isinstance(info, inspect.StructType):
        return ("inner", info.cls)
    if isinstance(info, inspect.BoolType):
        return ("boolean",)
    if isinstance(info, inspect.IntType):
        others = (info.gt, info.lt, info.multiple_of)
        return ("int", info.ge, info.le, *(each for each in others if each is not None))
    assert isinstance(info, inspect.StrType)
    if info.pattern:
        return ("pattern", re.sub(r"\\Z$", "$", info.pattern))
    return ("text", info.min_length or 0, info.max_length)
