"""An exception from the weekly schedules in a form."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.newsroom.announce_form import AnnounceFormModel
from client.views.kit import button, faint, heading, scrolling
from client.views.newsroom.forms import beside, chosen, district, field, section, ways, wrong
from client.views.outages import utility_name
from client.views.safe import part
from client.views.theme import BODY, EDGE
from shared_schema.records.outage import UTILITIES

ROOM = "exception"


@part
def AnnounceForm(app: App, model: AnnounceFormModel) -> ft.Control:
    """What happens, from when until when, and for whom."""
    text = app.words
    if not model.open:
        return ft.Container()
    utilities = [(each, utility_name(text, each)) for each in UTILITIES]
    sides = [(each, text(f"exception.{each}")) for each in ("off", "on")]
    save = button("exception-save", text("exception.save"), model.save,
                  ft.Icons.CAMPAIGN_OUTLINED)  # fmt: skip
    what = section(
        text("exception.what"),
        [
            chosen(app, model, "exception-utility", text("weekform.utility"), utilities),
            chosen(app, model, "exception-off", text("exception.side"), sides),
            field(app, model, "exception.title", "exception.title_hint"),
            beside(app, field(app, model, "exception.from", "exception.from_hint"),
                   field(app, model, "exception.until", "exception.until_hint")),
        ],
    )  # fmt: skip
    whom = section(
        text("exception.whom"),
        [
            beside(app, field(app, model, "exception.queues", "exception.queues_hint"),
                   district(app, model, ROOM)),
            faint(text("exception.whom_hint"), BODY),
        ],
    )  # fmt: skip
    controls = [
        heading(text("newsroom.exception_new")), what, whom, *wrong(app, model),
        ways(app, ROOM, save, model.close, model.discard),
    ]  # fmt: skip
    return scrolling(controls, key=f"announce-form-{model.forms}", spacing=EDGE)
