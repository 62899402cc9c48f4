"""Sealed notes: nothing of them is readable on disk, and a damaged one harms nobody."""

from __future__ import annotations

import msgspec
import pytest

from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.errors import SealError
from shared_schema.limits import NOTE_BYTES_MAX
from tests.client.city import City, files_of

UNUSUAL = "Жаб’ячий корнішон ґречно щебетав"


class Text(msgspec.Struct, frozen=True):
    text: str


class Number(msgspec.Struct, frozen=True):
    number: int


def lies_sealed(replica: Replica, name: str) -> bytes:
    ((sealed,),) = replica.store.rows("SELECT sealed FROM sealed_notes WHERE name = ?", (name,))
    return bytes(sealed)


def put_as_it_lies(replica: Replica, name: str, sealed: bytes) -> None:
    with replica.store.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO sealed_notes VALUES (?, ?)", (name, sealed))


def test_nothing_of_a_note_is_on_disk_in_clear(city: City) -> None:
    with city.resident() as replica:
        Notes(replica).put("one", Text(UNUSUAL))
        while_open = files_of(replica.folder)
        assert b"sealed_notes" in while_open
        Notes(replica).put("one", Text("Щось інше"))
        Notes(replica).forget("one")
        later = files_of(replica.folder)
    on_disk = while_open + later + files_of(replica.folder)
    for charset in ("utf-8", "cp1251", "utf-16-le"):
        assert UNUSUAL[:12].encode(charset) not in on_disk
    assert msgspec.json.encode(UNUSUAL)[1:20] not in on_disk


def test_a_note_outlives_its_replica_and_is_replaced_by_its_name(city: City) -> None:
    with city.resident() as replica:
        Notes(replica).put("a", Text("перше"))
        Notes(replica).put("a", Text("друге"))
        Notes(replica).put("b", Text("третє"))
    with city.resident() as replica:
        notes = Notes(replica)
        assert notes.get("a", Text) == Text("друге")
        assert notes.get("c", Text) is None
        notes.forget("a")
        assert notes.get("a", Text) is None
        assert notes.get("b", Text) == Text("третє")


def test_all_notes_of_a_prefix_and_no_others(city: City) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        for name in ("draft/b", "draft/a", "draft", "draft%", "prefs"):
            notes.put(name, Text(name))
        assert list(notes.all("draft/", Text)) == ["draft/a", "draft/b"]
        assert notes.all("draf_/", Text) == {}
        assert len(notes.all("", Text)) == 5


def test_a_note_is_bound_to_its_name(city: City) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        notes.put("prefs", Text("моє"))
        put_as_it_lies(replica, "other", lies_sealed(replica, "prefs"))
        assert notes.get("other", Text) is None
        assert notes.get("prefs", Text) == Text("моє")


def test_another_device_cannot_open_a_note(city: City) -> None:
    with city.resident("a") as first, city.resident("b") as second:
        Notes(first).put("prefs", Text("моє"))
        put_as_it_lies(second, "prefs", lies_sealed(first, "prefs"))
        assert Notes(second).get("prefs", Text) is None


@pytest.mark.parametrize("keep", [0, 1, 11, 12, 27, 28, 100])
def test_a_cut_off_note_is_none_and_the_others_stay(city: City, keep: int) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        notes.put("a", Text("ціла"))
        notes.put("b", Text("зіпсована"))
        put_as_it_lies(replica, "b", lies_sealed(replica, "b")[:keep])
        assert notes.get("b", Text) is None
        assert notes.all("", Text) == {"a": Text("ціла")}


def test_a_note_with_a_flipped_bit_is_none(city: City) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        notes.put("a", Text("ціла"))
        sealed = bytearray(lies_sealed(replica, "a"))
        sealed[20] ^= 1
        put_as_it_lies(replica, "a", bytes(sealed))
        assert notes.get("a", Text) is None


def test_a_note_of_another_sort_is_none_and_not_an_error(city: City) -> None:
    with city.resident() as replica:
        Notes(replica).put("a", Text("слово"))
        assert Notes(replica).get("a", Number) is None


def test_a_note_that_is_too_long_is_refused_and_the_old_one_stays(city: City) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        empty = len(msgspec.json.encode(Text("")))
        longest = Text("x" * (NOTE_BYTES_MAX - empty))
        notes.put("a", longest)
        with pytest.raises(SealError):
            notes.put("a", Text(longest.text + "x"))
        assert notes.get("a", Text) == longest


def test_lengths_tell_little_and_the_same_text_is_sealed_anew_each_time(city: City) -> None:
    with city.resident() as replica:
        notes = Notes(replica)
        notes.put("a", Text(""))
        notes.put("b", Text("x" * 200))
        first = lies_sealed(replica, "a")
        assert len(first) == len(lies_sealed(replica, "b"))
        notes.put("a", Text(""))
        assert lies_sealed(replica, "a") != first
