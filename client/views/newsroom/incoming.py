"""What an alert or a feed would have the newsroom say: drafts to pick from, and what was lost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import flet as ft

from client.i18n.dates import moment
from client.services.interchange.cap import CapDraft
from client.services.interchange.feeds import FeedDraft
from client.services.interchange.problems import Problem
from client.viewmodels.app import App
from client.viewmodels.newsroom.files import FilesModel, Opened
from client.views.kit import banner, button, card, faint, heading, ident, line
from client.views.theme import BODY, CARD_TITLE, GAP, SPACE, STRONG
from shared_schema.records.news import Published

WARNINGS_SHOWN = 6


def problem_line(app: App, problem: Problem) -> str:
    """What was not understood, in words; a code newer than the words is shown as it is."""
    text, key = app.words, f"problem.{problem.code}"
    return text(key, **problem.values) if text.has(key) else problem.code


def drafts_in(app: App, model: FilesModel, opened: Opened) -> list[ft.Control]:
    """The drafts of a CAP alert, or of a feed; none of them is published by itself."""
    text = app.words
    if opened.feed is None:
        cards = [_cap(app, model, at, each) for at, each in enumerate(opened.cap)]
        return [heading(text("files.cap")), faint(text("files.draft_hint"), BODY), *cards]
    feed = opened.feed
    title = feed.title or text("files.feed")
    found: list[ft.Control] = [heading(title), faint(text("files.draft_hint"), BODY)]
    if not feed.drafts:
        found.append(ft.Text(text("files.feed_empty")))
    found += [_item(app, model, at, each) for at, each in enumerate(feed.drafts)]
    if feed.left_out:
        found.append(faint(text("files.left_out", n=feed.left_out), BODY))
    return found


def _cap(app: App, model: FilesModel, at: int, draft: CapDraft) -> ft.Control:
    text = app.words
    facts = [line(ft.Icons.CAMPAIGN_OUTLINED, text(f"files.cap_{draft.action}"))]
    facts.append(line(ft.Icons.PERSON_OUTLINED, text("files.cap_sender", sender=draft.sender)))
    if draft.sent_ms:
        when = moment(text, draft.sent_ms, app.exchange.now_ms, app.zone)
        facts.append(line(ft.Icons.SCHEDULE, text("files.cap_sent", time=when)))
    if not draft.for_the_public:
        facts.append(banner(f"cap-private-{at}", text("files.cap_private"), ft.Icons.BLOCK,
                            bad=True))  # fmt: skip
    wording = draft.wording if draft.for_the_public else None
    shown = draft.wording
    words: list[ft.Control] = _words(shown) if shown else [ft.Text(text("files.cap_wordless"))]
    return _draft(app, model, at, [*words, *facts, *_warnings(app, draft.warnings)], wording)


def _item(app: App, model: FilesModel, at: int, draft: FeedDraft) -> ft.Control:
    text = app.words
    facts: list[ft.Control] = []
    if draft.published_ms:
        when = moment(text, draft.published_ms, app.exchange.now_ms, app.zone)
        facts.append(faint(text("news.published", time=when)))
    words = _words(draft.wording)
    return _draft(app, model, at, [*words, *facts, *_warnings(app, draft.warnings)], draft.wording)


def _words(wording: Published) -> list[ft.Control]:
    return [
        ft.Text(wording.title, theme_style=CARD_TITLE, weight=STRONG),
        ft.Text(wording.text, max_lines=6, overflow=ft.TextOverflow.ELLIPSIS),
    ]


def _draft(
    app: App, model: FilesModel, at: int, controls: list[ft.Control], wording: Published | None
) -> ft.Control:
    if wording is not None:
        take = button(f"draft-take-{at}", app.words("files.take"), partial(model.take, wording),
                      ft.Icons.EDIT_OUTLINED, kind=ft.FilledTonalButton)  # fmt: skip
        controls = [*controls, ft.Row([take], wrap=True)]
    column = ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident(f"file-draft-{at}", card(column))


def _warnings(app: App, problems: Sequence[Problem]) -> list[ft.Control]:
    """What has no place in a news item, or was not understood."""
    if not problems:
        return []
    text = app.words
    said: list[ft.Control] = [faint(text("files.warnings"), weight=STRONG)]
    said += [faint(problem_line(app, each)) for each in problems[:WARNINGS_SHOWN]]
    if len(problems) > WARNINGS_SHOWN:
        said.append(faint(text("files.warnings_more", n=len(problems) - WARNINGS_SHOWN)))
    return [ft.Column(said, spacing=SPACE // 2)]
