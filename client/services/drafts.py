"""Drafts of appeals: what somebody is about to say to the city, sealed like all that is private."""

from __future__ import annotations

from typing import Literal

from client.services.sealed_drafts import SealedDraft, SealedDrafts
from shared_schema.records.appeal import AppealKind, Lane, Position

Purpose = Literal["new", "amend", "again"]


class Draft(SealedDraft, frozen=True, kw_only=True):
    """An appeal that is being written. `about` is the record it amends or says again."""

    lane: Lane = "signal"
    kind: AppealKind = "application"
    position: Position | None = None
    place: str = ""
    purpose: Purpose = "new"
    about: str = ""


class Drafts(SealedDrafts[Draft]):
    """A resident's drafts."""

    prefix = "draft/"
    sort = Draft
