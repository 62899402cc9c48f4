"""What the columns of places and schedules are called, and the words that stand in their cells.

Ukrainian and English, as the newsroom, utilities and open data portals write them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Language = Literal["uk", "en"]


class Names(NamedTuple):
    """The name a column is written under, in either language, and others it is known by."""

    uk: str
    en: str
    others: tuple[str, ...] = ()

    def of(self, language: Language) -> str:
        """The name to write."""
        return self.uk if language == "uk" else self.en


PLACE_COLUMNS: Final[dict[str, Names]] = {
    "name": Names("Назва", "Name", ("найменування", "title")),
    "sort": Names("Вид", "Sort", ("тип", "type", "kind", "категорія", "category")),
    "address": Names("Адреса", "Address", ("місцезнаходження", "location")),
    "district": Names("Район", "District", ("мікрорайон",)),
    "lat": Names("Широта", "Latitude", ("lat", "y")),
    "lon": Names("Довгота", "Longitude", ("lon", "lng", "long", "x")),
    "hours": Names("Години роботи", "Opening hours", ("графік роботи", "hours", "розклад")),
    "note": Names("Примітка", "Note", ("опис", "коментар", "description", "comment")),
    "phone": Names("Телефон", "Phone", ("тел", "тел.", "telephone")),
    "offers": Names("Також надає", "Also offers", ("послуги", "offers", "services")),
    "by": Names("Перевірив", "Confirmed by", ("ким перевірено", "by", "балансоутримувач")),
    "expires": Names("Діє до", "Valid until", ("дійсно до", "expires")),
}
DAY_COLUMNS: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
SCHEDULE_COLUMNS: Final[dict[str, Names]] = {
    "utility": Names("Послуга", "Utility", ("ресурс", "мережа", "service")),
    "queue": Names("Черга", "Queue", ("підчерга", "група", "group")),
    "mo": Names("Понеділок", "Monday", ("пн", "mo", "mon")),
    "tu": Names("Вівторок", "Tuesday", ("вт", "tu", "tue")),
    "we": Names("Середа", "Wednesday", ("ср", "we", "wed")),
    "th": Names("Четвер", "Thursday", ("чт", "th", "thu")),
    "fr": Names("Пʼятниця", "Friday", ("пт", "fr", "fri")),
    "sa": Names("Субота", "Saturday", ("сб", "sa", "sat")),
    "su": Names("Неділя", "Sunday", ("нд", "su", "sun")),
    "streets": Names("Вулиці", "Streets", ("адреси", "вулиця", "addresses")),
    "district": Names("Район", "District", ("мікрорайон",)),
    "note": Names("Примітка", "Note", ("опис", "коментар", "description", "comment")),
    "expires": Names("Діє до", "Valid until", ("дійсно до", "expires")),
}
PLACE_NEEDS: Final = ("name", "sort")
SCHEDULE_NEEDS: Final = ("utility", "queue", *DAY_COLUMNS)

SORT_WORDS: Final[dict[str, Names]] = {
    "shelter": Names("Укриття", "Shelter", ("сховище", "бомбосховище", "найпростіше укриття")),
    "resilience": Names("Пункт Незламності", "Resilience point", ("незламність",)),
    "water": Names("Вода", "Water", ("бювет", "питна вода")),
    "heat": Names("Обігрів", "Warmth", ("пункт обігріву",)),
    "charging": Names("Зарядка", "Charging", ("зарядна станція",)),
    "pharmacy": Names("Аптека", "Pharmacy", ("аптеки",)),
    "medical": Names("Лікарня", "Hospital", ("медицина", "медична допомога")),
    "aid": Names("Допомога", "Aid", ("гуманітарна допомога",)),
    "other": Names("Інше", "Other"),
}
UTILITY_WORDS: Final[dict[str, Names]] = {
    "power": Names("Світло", "Power", ("електрика", "електроенергія", "electricity")),
    "water": Names("Вода", "Water", ("водопостачання",)),
    "heat": Names("Опалення", "Heating", ("тепло", "теплопостачання")),
    "gas": Names("Газ", "Gas", ("газопостачання",)),
}
ALL_DAY_ON: Final = Names("є", "on", ("+", "так", "yes"))
ALL_DAY_OFF: Final = Names("немає", "off", ("-", "−", "–", "ні", "no"))
ALL_DAY_MAYBE: Final = Names("можливо", "maybe", ("?",))


def folded(text: str) -> str:
    """A name as it is compared: no case, one apostrophe, single spaces, no trailing marks."""
    plain = text.casefold().replace("_", " ").replace("’", "ʼ").replace("'", "ʼ")
    return " ".join(plain.split()).strip(" .:*")


def known(words: Mapping[str, Names]) -> dict[str, str]:
    """Everything that something may be called, with its code."""
    return {
        folded(name): code
        for code, names in words.items()
        for name in (code, names.uk, names.en, *names.others)
    }


PLACE_COLUMN_OF: Final = known(PLACE_COLUMNS)
SCHEDULE_COLUMN_OF: Final = known(SCHEDULE_COLUMNS)
SORT_OF: Final = known(SORT_WORDS)
UTILITY_OF: Final = known(UTILITY_WORDS)
