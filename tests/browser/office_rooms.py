"""The desk's screens that are worth a look: the queue, an appeal with rivals, and the reports."""

from __future__ import annotations

from tests.browser.desk_stage import make_rivals
from tests.browser.past import Past, set_past
from tests.browser.town import Town
from tests.browser.walk import Room, tap

PAGES = ("quarter", "journal", "open", "audit")


def set_office(city: Town) -> Past:
    """Two months of a desk's work, an appeal that two took at once; the server runs then."""
    past = set_past(city)
    city.server.start()
    make_rivals(city, past.records[-1], "Петро", "Ганна")
    return past


def office_rooms(past: Past) -> list[Room]:
    """The rooms of a device with a desk's role."""
    first, last = past.records[0], past.records[-1]
    return [
        Room("queue", "/queue", "appeal-"),
        Room("filters", "/queue", "appeal-", tap("queue-filters")),
        Room("folder", f"/queue/{first}", "thread-title"),
        Room("rivals", f"/queue/{last}", "conflict-assignee"),
        Room("reports", "/reports", "figure-received"),
        *(Room(page, f"/reports/{page}", "reports-page") for page in PAGES),
        Room("marked", "/queue", "appeal-", tap("queue-filters", f"mark-{last}")),
    ]
