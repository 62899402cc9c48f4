"""Choices and marks: kept, sealed, and harmless when they are from another version or damaged."""

from __future__ import annotations

import msgspec
import pytest

from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from shared_schema.limits import NEWS_BUDGET_BYTES_DEFAULT, NEWS_BUDGET_BYTES_MIN
from tests.client.city import City, files_of


class FromAnotherVersion(msgspec.Struct, frozen=True):
    """Preferences with a choice that this version has not, and one value that it does not know."""

    language: str = "uk"
    district: str = "Центр"
    colour: str = "зелений"


class WithAnUnknownTheme(msgspec.Struct, frozen=True):
    theme: str = "sepia"


def test_a_new_device_has_the_citys_defaults(city: City) -> None:
    with city.resident() as replica:
        prefs = Prefs(Notes(replica))
        assert prefs.get() == Preferences()
        assert prefs.get().news_budget_bytes == NEWS_BUDGET_BYTES_DEFAULT
        assert prefs.seen() == {}


def test_choices_outlive_the_app(city: City) -> None:
    chosen = Preferences(
        "en", 150, "dark", True, "Центр", "вул. Садова, 5", {"power": "3.1"}, "lean",
        NEWS_BUDGET_BYTES_MIN,
    )  # fmt: skip
    with city.resident() as replica:
        Prefs(Notes(replica)).put(chosen)
    with city.resident() as replica:
        assert Prefs(Notes(replica)).get() == chosen


def test_where_somebody_lives_is_not_on_disk_in_clear(city: City) -> None:
    with city.resident() as replica:
        Prefs(Notes(replica)).put(Preferences(address="вул. Хлюпотливих Дзиґ, 7"))
        Prefs(Notes(replica)).mark_seen("ab" * 16, 3)
        on_disk = files_of(replica.folder)
    assert "Хлюпотливих".encode() not in on_disk
    assert ("ab" * 16).encode() not in on_disk


def test_choices_of_a_newer_version_are_read_as_far_as_they_are_known(city: City) -> None:
    with city.resident() as replica:
        Notes(replica).put("prefs", FromAnotherVersion())
        assert Prefs(Notes(replica)).get() == Preferences("uk", district="Центр")


def test_choices_that_cannot_be_read_are_the_defaults(city: City) -> None:
    with city.resident() as replica:
        Notes(replica).put("prefs", WithAnUnknownTheme())
        assert Prefs(Notes(replica)).get() == Preferences()


def test_marks_only_grow(city: City) -> None:
    with city.resident() as replica:
        prefs = Prefs(Notes(replica))
        assert prefs.mark_seen("a", 2) == {"a": 2}
        assert prefs.mark_seen("a", 1) == {"a": 2}
        assert prefs.mark_seen("b", 0) == {"a": 2}
        assert prefs.mark_seen("b", 5) == {"a": 2, "b": 5}
    with city.resident() as replica:
        assert Prefs(Notes(replica)).seen() == {"a": 2, "b": 5}


def test_what_is_handed_out_is_a_copy(city: City) -> None:
    with city.resident() as replica:
        prefs = Prefs(Notes(replica))
        prefs.mark_seen("a", 2)
        prefs.seen()["a"] = 99
        assert prefs.seen() == {"a": 2}


@pytest.mark.parametrize("field", ["text_percent", "news_budget_bytes"])
def test_numbers_out_of_bounds_are_not_believed(city: City, field: str) -> None:
    with city.resident() as replica:
        Notes(replica).put("prefs", Preferences(**{field: 7}))  # type: ignore[arg-type]
        assert Prefs(Notes(replica)).get() == Preferences()
