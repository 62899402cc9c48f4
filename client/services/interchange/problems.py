"""What was not understood, as a code and values: the words for it are the user interface's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from shared_schema.errors import MistoError

CODES: Final = (
    "cap_areas", "cap_language", "cap_missing", "cap_not_taken", "cap_older", "cap_reference",
    "cap_scope", "cap_signature", "cap_status", "cap_time", "cap_token", "cap_type", "cap_word",
    "cell_date", "cell_day", "cell_degrees", "cell_long", "cell_many", "cell_missing",
    "cell_range", "cell_word", "column_missing", "column_twice", "csv_broken", "cut", "empty",
    "encoding", "feed_empty", "feed_link", "feed_time", "geojson_crs", "json_broken", "not_cap",
    "not_feature", "not_feed", "not_geojson", "not_known", "not_point", "not_text", "row_again",
    "row_long", "table_columns", "table_rows", "too_large", "xml_broken", "xml_deep",
    "xml_doctype", "xml_encoding", "xml_many",
)  # fmt: skip
"""All there are; the app has words for each."""
SHOWN_CHARS_MAX: Final = 60
"""So much of a value that was not understood is shown back."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or was left out, and where. A stable code and what goes with it."""

    code: str
    row: int = 0
    """As a spreadsheet counts: 1 is the header. For GeoJSON the number of the feature."""
    column: str = ""
    """The column as its file calls it, or the name of an element."""
    value: str = ""
    """What stood there, cut short."""
    limit: int = 0
    """The most or the least there may be, for the codes that speak of it."""

    @property
    def values(self) -> dict[str, str | int]:
        """What a sentence about it can name."""
        return {
            "row": self.row, "column": self.column, "value": self.value, "limit": self.limit,
        }  # fmt: skip


class Unreadable(MistoError):
    """Nothing of this file can be used; `code` is the problem's own."""

    def __init__(
        self, code: str, column: str = "", value: str = "", limit: int = 0, row: int = 0
    ) -> None:
        self.problem = Problem(code, row, column, shown(value), limit)
        self.code = code
        super().__init__(" ".join(part for part in (code, column, shown(value)) if part))


def shown(value: str) -> str:
    """A value as it may be shown back: one line, and not long."""
    line = " ".join(value[: SHOWN_CHARS_MAX * 4].split())
    return line if len(line) <= SHOWN_CHARS_MAX else line[: SHOWN_CHARS_MAX - 1] + "…"


def must_fit(raw: bytes, limit: int) -> None:
    """Checked before anything is parsed.

    Raises:
        Unreadable: `too_large`, or `empty`.
    """
    if len(raw) > limit:
        raise Unreadable("too_large", value=str(len(raw)), limit=limit)
    if not raw.strip():
        raise Unreadable("empty")
