"""Everything a router needs of the one city that a server serves."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared_schema.crypto.card import Card
from sync_server.services.exchange import ExchangeService
from sync_server.services.group_commit import GroupCommitter
from sync_server.services.metrics import Metrics
from sync_server.services.parts import Parts


@dataclass(frozen=True, slots=True)
class City:
    """The composed services."""

    card: Card
    service: ExchangeService
    committer: GroupCommitter
    metrics: Metrics
    parts: Parts = field(default_factory=Parts)
