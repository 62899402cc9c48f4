"""Forms: what comes out is what went in, byte for byte, and a hostile one stays in its bounds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.errors import MistoError, ProtocolError
from shared_schema.limits import (
    COURIER_FORM_PIECES_MAX,
    COURIER_FORMS_MAX,
    COURIER_ITEMS_MAX,
    COURIER_UNPACKED_BYTES_MAX,
)
from shared_schema.sync.courier import (
    COURIER,
    FORM_ITEM,
    ITEM_BYTES_MAX,
    PUBLIC_ITEM,
    REPLY_ITEM,
    REQUEST_ITEM,
    Flaw,
    Item,
    decode_courier,
    encode_courier,
)
from shared_schema.sync.forms import FILLING, Form, decode_form, encode_form, find_forms

CITY = b"c" * 16
HEAD = bytes((COURIER,)) + CITY + b"\0"
COMMON = b"wants, scope, kind and all that is the same for everybody"
SMALL = Form(REQUEST_ITEM, ((2, b"same"), (1, b"")))
forms = st.builds(
    Form,
    st.integers(0, 255),
    st.lists(st.tuples(st.integers(0, 500), st.binary(max_size=60)), min_size=1, max_size=9).map(
        tuple
    ),
)


def alike(count: int, own: int = 200, seed: int = 1) -> list[Item]:
    """Items that have `COMMON` in the middle, and nothing else."""
    drawn = random.Random(seed)
    return [
        Item(REQUEST_ITEM, drawn.randbytes(own) + COMMON + drawn.randbytes(64))
        for _ in range(count)
    ]


def framed(item: Item) -> bytes:
    return bytes((item.type,)) + len(item.body).to_bytes(4) + item.body


def bundle(*pieces: Item | bytes) -> bytes:
    """A bundle that is not packed, of items and of bytes as they are."""
    return HEAD + b"".join(each if isinstance(each, bytes) else framed(each) for each in pieces)


@given(forms)
def test_a_form_comes_back(form: Form) -> None:
    assert decode_form(encode_form(form)) == form


@given(forms, st.randoms(use_true_random=False))
def test_filled_and_stripped_are_each_others_opposite(form: Form, drawn: random.Random) -> None:
    own = drawn.randbytes(form.own)
    body = form.fill(own)
    assert len(body) == form.own + form.common
    assert form.strip(body) == own


@given(
    st.lists(
        st.tuples(
            st.sampled_from([REQUEST_ITEM, REPLY_ITEM, PUBLIC_ITEM, 9]),
            st.sampled_from([b"", COMMON, COMMON[::-1], COMMON * 2]),
            st.binary(max_size=30),
            st.sampled_from([b"", COMMON]),
        ),
        max_size=60,
    )
)
def test_whatever_is_alike_comes_out_as_it_went_in(
    drawn: list[tuple[int, bytes, bytes, bytes]],
) -> None:
    items = [Item(type_, before + own + behind) for type_, before, own, behind in drawn]
    found = decode_courier(encode_courier(CITY, items))
    assert found.items == tuple(each for each in items if each.type != 9)
    assert (found.unknown, found.flaw) == (sum(each.type == 9 for each in items), Flaw.NONE)


def test_what_is_common_is_written_once() -> None:
    items = alike(100)
    size = sum(len(each.body) for each in items) - 100 * len(COMMON)
    assert len(encode_courier(CITY, items)) < size + 100 * 1.5 + 150
    assert len(find_forms(items)) == 1


def test_two_families_of_one_length_have_a_form_each() -> None:
    one = alike(20)
    other = [
        Item(REQUEST_ITEM, COMMON + each.body.replace(COMMON, b"")) for each in alike(20, seed=4)
    ]
    mixed = [each for pair in zip(one, other, strict=True) for each in pair]
    assert [len(members) for _, members in find_forms(mixed)] == [20, 20]
    assert decode_courier(encode_courier(CITY, mixed)).items == tuple(mixed)


def test_items_of_nothing_in_common_have_no_form() -> None:
    drawn = random.Random(2)
    assert not find_forms([Item(REQUEST_ITEM, drawn.randbytes(500)) for _ in range(60)])


def test_a_writer_uses_no_more_forms_than_there_are_numbers_and_pieces() -> None:
    many = [item for own in range(150) for item in alike(3, own + 60, own)]
    found = find_forms(many)
    assert len(found) == COURIER_FORMS_MAX
    assert decode_courier(encode_courier(CITY, many)).items == tuple(many)
    drawn = random.Random(3)
    striped = [
        Item(REQUEST_ITEM, b"".join(drawn.randbytes(2) + b"same" for _ in range(100)))
        for _ in range(9)
    ]
    assert not find_forms(striped)
    assert decode_courier(encode_courier(CITY, striped)).items == tuple(striped)


def test_a_cut_in_a_filling_leaves_those_in_front() -> None:
    raw = bundle(Item(FORM_ITEM, encode_form(SMALL)), b"\x80abc", b"\x80def")
    whole = (Item(REQUEST_ITEM, b"absamec"), Item(REQUEST_ITEM, b"desamef"))
    assert decode_courier(raw)[1:] == (whole, 0, Flaw.NONE)
    assert decode_courier(raw[:-1])[1:] == (whole[:1], 0, Flaw.CUT)
    assert decode_courier(raw[:-4])[1:] == (whole[:1], 0, Flaw.NONE)
    assert decode_courier(raw[:-9])[1:] == ((), 0, Flaw.CUT)


def test_fillings_of_a_form_for_a_later_type_are_skipped_and_counted() -> None:
    later = Form(9, SMALL.pieces)
    known = Item(REPLY_ITEM, b"known")
    raw = bundle(Item(FORM_ITEM, encode_form(later)), b"\x80abc", known, b"\x80abc")
    assert decode_courier(raw)[1:] == ((known,), 2, Flaw.NONE)


def test_a_form_that_makes_forms_makes_none() -> None:
    """Its fillings are items that nobody knows: a form is brought, and never filled in."""
    inner = encode_form(SMALL)
    outer = Form(FORM_ITEM, ((0, inner),))
    raw = bundle(Item(FORM_ITEM, encode_form(outer)), b"\x80", b"\x81abc")
    assert decode_courier(raw)[1:] == ((), 1, Flaw.DAMAGED)


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"\1",
        b"\1\0\1",
        b"\1\0\1\0\5same",
        b"\1" + b"\0\1\0\0" * (COURIER_FORM_PIECES_MAX + 1),
    ],
)
def test_what_is_no_form_ends_the_reading_there(form: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_form(form)
    first = Item(REQUEST_ITEM, b"first")
    raw = bundle(first, Item(FORM_ITEM, form), b"\x80abc", first)
    assert decode_courier(raw)[1:] == ((first,), 0, Flaw.DAMAGED)


def test_a_filling_of_a_form_that_did_not_come_ends_the_reading() -> None:
    first = Item(REQUEST_ITEM, b"first")
    assert decode_courier(bundle(first, b"\x80abc", first))[1:] == ((first,), 0, Flaw.DAMAGED)


def test_more_forms_than_there_are_numbers_end_the_reading() -> None:
    form = Item(FORM_ITEM, encode_form(SMALL))
    last = bytes((FILLING + COURIER_FORMS_MAX - 1,)) + b"abc"
    most = bundle(*[form] * COURIER_FORMS_MAX, last)
    assert decode_courier(most).items == (Item(REQUEST_ITEM, b"absamec"),)
    more = bundle(*[form] * (COURIER_FORMS_MAX + 1), last)
    assert decode_courier(more)[1:] == ((), 0, Flaw.TOO_MANY)


def test_a_form_may_not_make_longer_items_than_there_are() -> None:
    pieces = ((0xFFFF, b""),) * (ITEM_BYTES_MAX // 0xFFFF + 1)
    form = encode_form(Form(REQUEST_ITEM, pieces[:COURIER_FORM_PIECES_MAX]))
    assert decode_form(form).own < ITEM_BYTES_MAX
    longest = ((0xFFFF, b"x" * 0xFFFF),) * 40
    raw = bundle(Item(FORM_ITEM, encode_form(Form(REQUEST_ITEM, longest))), b"\x80")
    assert decode_courier(raw).flaw is Flaw.TOO_LARGE


def test_a_bomb_of_fillings_is_read_to_the_limit() -> None:
    """Three megabytes written once, and then a thousand times in one byte each."""
    large = Form(REQUEST_ITEM, ((0, b"x" * 0xFFFF),) * 50)
    raw = bundle(Item(FORM_ITEM, encode_form(large)), b"\x80" * 1000)
    found = decode_courier(raw)
    assert found.flaw is Flaw.TOO_LARGE
    assert len(raw) < sum(each.size for each in found.items) <= COURIER_UNPACKED_BYTES_MAX


def test_fillings_count_as_items() -> None:
    tiny = Form(REQUEST_ITEM, ((1, b""),))
    raw = bundle(Item(FORM_ITEM, encode_form(tiny)), b"\x80x" * (COURIER_ITEMS_MAX + 1))
    found = decode_courier(raw)
    assert (len(found.items), found.flaw) == (COURIER_ITEMS_MAX, Flaw.TOO_MANY)


@given(st.binary(max_size=300), forms)
def test_junk_behind_a_form_is_items_or_an_error_of_ours(junk: bytes, form: Form) -> None:
    try:
        found = decode_courier(bundle(Item(FORM_ITEM, encode_form(form)), b"\x80", junk))
    except MistoError:
        return
    assert sum(len(each.body) for each in found.items) <= COURIER_UNPACKED_BYTES_MAX
