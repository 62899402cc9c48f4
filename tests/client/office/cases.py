"""Cases for the office's tests: made-up people, plain defaults, many at once."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final
from zoneinfo import ZoneInfo

from client.services.office.case import Case
from shared_schema.records.appeal import CATEGORIES, Position

KYIV: Final = ZoneInfo("Europe/Kyiv")
DAY_MS: Final = 86_400_000
DISTRICTS: Final = ("Центр", "Північний", "Набережний", "Заріччя", "Сади")
STREETS: Final = ("Садова", "Шевченка", "Київська", "Лесі Українки", "Польова", "8 Березня")


def ms(text: str) -> int:
    """`2026-03-01 10:00` in Kyiv, or any ISO moment with an offset, as Unix milliseconds."""
    moment = datetime.fromisoformat(text)
    return round((moment if moment.tzinfo else moment.replace(tzinfo=KYIV)).timestamp() * 1000)


def made(record: str = "a1", **values: Any) -> Case:
    """An identified application of an ordinary day; any field may be given."""
    received = values.pop("received_at_ms", None) or ms(values.pop("received", "2026-03-02 10:00"))
    plain: dict[str, Any] = {
        "record": record,
        "queue": "desk",
        "lane": "appeal",
        "kind": "application",
        "title": "Немає світла у дворі",
        "text": "Третій день не горять ліхтарі біля будинку.",
        "category": "light",
        "district": "Центр",
        "address": "вул. Садова, 5",
        "position": None,
        "name": "Коваль Олена Петрівна",
        "residence": "вул. Садова, 5, кв. 12",
        "contact": "olena@example.org",
        "created_at_ms": received - 60_000,
        "received_at_ms": received,
        "receipt_number": f"R-{record}",
    }
    return Case(**{**plain, **values})


def at(lat: float, lon: float, within_m: int = 20) -> Position:
    return Position(round(lat * 1e5), round(lon * 1e5), within_m)


def many(count: int, seed: int = 1, days: int = 365, until: str = "2026-11-01 12:00") -> list[Case]:
    """Cases of a whole city, spread over a year: signals and appeals in all states."""
    draw = random.Random(seed)
    end = ms(until)
    return [_drawn(draw, n, end, days) for n in range(count)]


_WORDS: Final = (
    "немає світла води опалення під’їзд двір ліхтар яма дорога сміття контейнер зупинка автобус "
    "дерево гілка дах підвал укриття замок ключ черга лікарня аптека школа садок ліфт труба "
    "протікає шум собаки парк лавка майданчик світлофор перехід тротуар лід сніг вікно двері "
    "будинок сусіди комунальники графік відключення генератор зв’язок інтернет документ довідка"
)
_SYLLABLES: Final = "ба ве га до жи ко ли мо на пе ру сі та цу ча шо бо ві зе кри пло сте тра"


def vocabulary(count: int = 4_000) -> tuple[list[str], list[float]]:
    """Words with weights that fall as in any language (Zipf): a few everywhere, most are rare."""
    draw = random.Random(7)
    made_up = [
        "".join(draw.choices(_SYLLABLES.split(), k=draw.randrange(2, 5))) for _ in range(count)
    ]
    words = list(dict.fromkeys(_WORDS.split() + made_up))
    return words, list(accumulate(1 / (place + 8) for place in range(len(words))))


WORDS, WEIGHTS = vocabulary()


def _drawn(draw: random.Random, n: int, end: int, days: int) -> Case:
    received = end - draw.randrange(days * DAY_MS)
    lane = "appeal" if draw.random() < 0.6 else "signal"
    status = draw.choice(("", "registered", "in_progress", "answered", "answered", "closed"))
    registered = received + draw.randrange(2 * DAY_MS) if status else None
    answered = received + draw.randrange(40 * DAY_MS) if status in ("answered", "closed") else None
    return made(
        f"{n:032x}",
        lane=lane,
        kind=draw.choice(("application", "complaint", "proposal")) if lane == "appeal" else "",
        title=" ".join(draw.choices(WORDS, cum_weights=WEIGHTS, k=4)).capitalize(),
        text=" ".join(draw.choices(WORDS, cum_weights=WEIGHTS, k=draw.randrange(12, 60))),
        category=draw.choice(CATEGORIES),
        district=draw.choice(DISTRICTS),
        address=f"вул. {draw.choice(STREETS)}, {draw.randrange(1, 90)}",
        position=at(50.4 + draw.random() / 10, 30.4 + draw.random() / 10),
        received_at_ms=received,
        number=f"{n}/26" if status else "",
        registered_at_ms=registered,
        status=status,
        answered_at_ms=answered,
        changed_at_ms=answered or registered or received,
        marks=draw.choice((("primary",), ("repeat",), ("duplicate",), ())),
        privileged=draw.random() < 0.05,
        collective=draw.choice((0,) * 20 + (12,)),
    )


def local(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(KYIV)
