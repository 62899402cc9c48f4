"""What the desk's screens put behind the beginning of a key; see `test_words`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from client.services.office.asked import SORTS, VIEWS
from client.services.office.clock import RULES, ClockKind
from client.viewmodels.desk.bulk import ACTS
from client.viewmodels.desk.filters import DATES, MENUS
from client.viewmodels.desk.folder import NEEDS_WORDS, SETTABLE
from client.viewmodels.desk.keys import COMMANDS
from client.viewmodels.desk.register import FIELDS
from client.viewmodels.desk.templates import PLACES
from client.views.desk.table import COLUMNS
from shared_schema.records.appeal import STATUSES
from shared_schema.records.desk import MARKS

ASKED = (*SETTABLE, "extend", "forward")
CONDITIONS = ("new", *STATUSES, "withdrawn", "merged", "forwarded")
FIELDS_WITH_RIVALS = ("registration", "status", "assignee", "merged")
REASONS = (
    "same_text", "similar_text", "same_place", "same_house", "near", "same_street",
    "same_district", "no_place",
)  # fmt: skip
FAMILIES: dict[str, Iterable[str]] = {
    "desk.assumed_": [rule.assumed for rule in RULES if rule.assumed],
    "desk.bulk_": ACTS,
    "desk.column_": [column.name for column in COLUMNS],
    "desk.condition_": CONDITIONS,
    "desk.do_": ("extend", "forward", "register"),
    "desk.due_": get_args(ClockKind),
    "desk.filter_": [*MENUS, "text"],
    "desk.hint_": [*NEEDS_WORDS, "forward"],
    "desk.key_": COMMANDS,
    "desk.place_": PLACES,
    "desk.register_": FIELDS,
    "desk.rivals_": FIELDS_WITH_RIVALS,
    "desk.sign_": MARKS,
    "desk.sort_": SORTS,
    "desk.span_": DATES,
    "desk.title_": ASKED,
    "desk.view_": VIEWS,
    "desk.why_": REASONS,
    "desk.yes_": ASKED,
}
