"""Which of the formats a file is in, so that nobody has to say it: by what stands in it.

A name's ending tells what somebody called a file. This looks at its beginning only; the reader of
the format then judges all of it.
"""

from __future__ import annotations

from typing import Literal

from client.services.interchange.cap_words import NAMESPACE, OLDER
from client.services.interchange.columns import (
    PLACE_COLUMN_OF,
    PLACE_NEEDS,
    SCHEDULE_COLUMN_OF,
    SCHEDULE_NEEDS,
    folded,
)
from client.services.interchange.csv_text import TABLE_BYTES_MAX, UTF16_MARKS, rows_of
from client.services.interchange.feeds import LIMITS
from client.services.interchange.problems import Unreadable, must_fit
from client.services.interchange.xml_in import parse_xml, space

Format = Literal["cap", "feed", "places_csv", "places_geojson", "schedules_csv"]


def format_of(raw: bytes) -> Format:
    """The format that a file seems to be in.

    Raises:
        Unreadable: `not_known`; `empty`; or what the reader says of a damaged one.
    """
    must_fit(raw, max(LIMITS.bytes, TABLE_BYTES_MAX))
    start = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start == b"{":
        return "places_geojson"
    if start == b"<" or (raw[:2] in UTF16_MARKS and b"<" in raw[:8]):
        root = parse_xml(raw, LIMITS)
        return "cap" if space(root) in (NAMESPACE, *OLDER) else "feed"
    if _has(raw, SCHEDULE_COLUMN_OF, SCHEDULE_NEEDS):
        return "schedules_csv"
    if _has(raw, PLACE_COLUMN_OF, PLACE_NEEDS):
        return "places_csv"
    raise Unreadable("not_known")


def _has(raw: bytes, columns: dict[str, str], needed: tuple[str, ...]) -> bool:
    """Whether the header names all that such a table must have."""
    (_, header), *_ = rows_of(raw, columns)
    return set(needed) <= {columns.get(folded(name), "") for name in header}
