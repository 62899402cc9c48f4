"""The story that a fresh demo city begins with: news, appeals, replies, from `seed.json`."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import msgspec

from shared_schema.records.appeal import AppealKind, Lane, Short, Text, Title
from shared_schema.records.news import Priority


class SeedNews(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A news item; `valid_hours` of 0 never expires."""

    title: Title
    text: Text
    topic: Short = ""
    district: Short = ""
    priority: Priority = "normal"
    valid_hours: Annotated[float, msgspec.Meta(ge=0)] = 0


class SeedAppeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An appeal by the person of this name; without a name, a signal by nobody in particular."""

    lane: Lane
    kind: AppealKind
    title: Title
    text: Text
    category: Short = ""
    address: Short = ""
    district: Short = ""
    name: Short = ""


class Seed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `replies` are by the index of the appeal."""

    city: Short
    news: list[SeedNews]
    appeals: list[SeedAppeal]
    replies: dict[str, Text]
    districts: list[Short] = []

    @property
    def all_districts(self) -> tuple[str, ...]:
        """The city's districts, in the order in which they are first named."""
        named = [
            *self.districts,
            *(item.district for item in self.news),
            *(appeal.district for appeal in self.appeals),
        ]
        return tuple(dict.fromkeys(filter(None, named)))


def load_seed() -> Seed:
    """The seed that ships with the package."""
    raw = (files("misto.demo") / "seed.json").read_bytes()
    return msgspec.json.decode(raw, type=Seed)
