"""What is compared when texts or streets are: words without spelling's accidents.

People write the same thing in many ways: with endings, typing errors, Latin letters that look like
ours, a little Russian, and much politeness. Here a text becomes the stems of the words that say
something, and an address becomes a street and a house, as `shared_schema.records.outage.on_list`
reads them (a test holds the two together).
"""

from __future__ import annotations

import re
from functools import lru_cache, reduce
from importlib import resources
from operator import or_
from typing import Final, NamedTuple
from zlib import crc32

import msgspec

STEM_CHARS: Final = 6
"""Longer endings than this say how a word is used, not what it is about."""
STEMS_KEPT_MAX: Final = 200_000
SIGNATURE_BITS: Final = 384
_FOLD: Final = str.maketrans(
    {
        **dict(zip("іїыi", "ииии", strict=True)),
        **dict(zip("єэёe", "ееее", strict=True)),
        **dict(zip("ґaopcxyk", "гаорсхук", strict=True)),
        **dict.fromkeys("'’ʼ`´\u0301\u00ad", None),
    }
)
_WORD: Final = re.compile(r"[\w'’ʼ`]+")
_ENDINGS: Final = "аеиоуюяйь"


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: str
    idle: list[str]
    same: list[str]


class _Stems(dict[str, str]):
    """Word -> stem, each worked out once; an idle word has none. Keeps a bounded number."""

    def __missing__(self, word: str) -> str:
        if len(self) >= STEMS_KEPT_MAX:
            self.clear()
        stem = self[word] = _stem(plain(word).strip("_"))
        return stem


def _stem(word: str) -> str:
    if word in _IDLE_WORDS:
        return ""
    short = _cut(word)
    return _SAME.get(short, short)


def _cut(word: str) -> str:
    short = word[:STEM_CHARS]
    return short.rstrip(_ENDINGS) or short


def plain(text: str) -> str:
    """A text in small letters, with those that are mistaken for each other made one."""
    return text.casefold().translate(_FOLD)


def _data() -> _Data:
    """Words that say nothing, and groups of words that say the same; data, so that it can grow."""
    file = resources.files(__package__) / "wording_data.json"
    return msgspec.json.decode(file.read_bytes(), type=_Data)


_DATA: Final = _data()
_IDLE_WORDS: Final = frozenset(plain(" ".join(_DATA.idle)).split())
_SAME: Final = {
    _cut(word): _cut(group[0])
    for group in (plain(line).split() for line in _DATA.same)
    for word in group
}
_STEMS: Final = _Stems()


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say something, once each."""
    return frozenset(map(_STEMS.__getitem__, _WORD.findall(text.casefold()))) - _NOTHING


_NOTHING: Final = frozenset([""])


class _Bits(dict[str, int]):
    """Word -> its bit; two words of one stem have the same one, an idle word has none."""

    def __missing__(self, word: str) -> int:
        if len(self) >= STEMS_KEPT_MAX:
            self.clear()
        stem = _STEMS[word]
        bit = self[word] = 1 << (crc32(stem.encode()) % SIGNATURE_BITS) if stem else 0
        return bit


_BITS: Final = _Bits()


def signature(text: str) -> int:
    """A text as a set of bits, one for each stem, for a quick guess of what two texts share."""
    return reduce(or_, map(_BITS.__getitem__, _WORD.findall(text.casefold())), 0)


def grams(words: frozenset[str]) -> frozenset[str]:
    """All runs of three characters in stems that know where they begin and end."""
    found: set[str] = set()
    for word in words:
        padded = f" {word} "
        found.update(padded[at : at + 3] for at in range(len(padded) - 2))
    return frozenset(found)


class Street(NamedTuple):
    """Where an address is: the kind of street in short (may be empty), its name, and the house."""

    kind: str
    name: str
    house: str


_KINDS: Final = {
    "вулиця": "вул", "проспект": "просп", "пр": "просп", "прт": "просп", "провулок": "пров",
    "площа": "пл", "бульвар": "бульв", "бр": "бульв", "узвіз": "узвіз", "шосе": "шосе",
    "набережна": "наб", "street": "st", "avenue": "ave",
}  # fmt: skip
_SHORT: Final = frozenset(_KINDS.values())
_FLAT: Final = re.compile(r",?\s*\b(?:кв|квартира|під|підʼїзд|apt|flat)\b.*$", re.IGNORECASE)
_HOUSE: Final = re.compile(
    r"(?:\b(?:буд|будинок|б)\b\.?\s*)?(\d+)\s*([^\W\d])?((?:\s*[-/]\s*\w+)*)$", re.IGNORECASE
)


@lru_cache(maxsize=65_536)
def street(address: str) -> Street:
    """The street and the house of an address as people write it; an empty name when there is none.

    A number in front of a word is part of a name («8 Березня»), one at the end is a house.
    """
    head = _FLAT.sub("", address.replace("’", "ʼ").replace("'", "ʼ")).strip(" .,;")
    match = _HOUSE.search(head)
    named = head[: match.start()] if match else head
    words = re.sub(r"[.,;«»\"]", " ", named.casefold().replace("пр-т", "просп")).split()
    short = [_KINDS.get(word, word) for word in words]
    kinds = [word for word in short if word in _SHORT]
    name = [word for word in short if word not in _SHORT]
    if not name:
        name = [word for word in kinds if word != "вул"]
        kinds = [word for word in kinds if word == "вул"]
    house = re.sub(r"[\s-]", "", match[0].casefold()) if match else ""
    return Street(kinds[0] if kinds else "", " ".join(name), re.sub(r"^\D+", "", house))


def same_street(one: Street, other: Street) -> bool:
    """Whether two are the same street; where only one says of what kind, the name is enough."""
    same_kind = not one.kind or not other.kind or one.kind == other.kind
    return bool(one.name) and one.name == other.name and same_kind
