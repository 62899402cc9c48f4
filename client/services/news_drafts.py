"""What the newsroom is about to say: saved while it is typed, sealed like all that is not said yet.

A newsroom's draft may tell of an evacuation hours before it is announced, so a found device must
not tell it. It is told from an appeal's draft by its name.
"""

from __future__ import annotations

from client.services.sealed_drafts import SealedDraft, SealedDrafts
from shared_schema.records.news import Priority


class NewsDraft(SealedDraft, frozen=True, kw_only=True):
    """A news item that is being written. `about` is the record that it corrects, or empty."""

    priority: Priority = "normal"
    about: str = ""


class NewsDrafts(SealedDrafts[NewsDraft]):
    """The newsroom's drafts on one device."""

    prefix = "news-draft/"
    sort = NewsDraft
