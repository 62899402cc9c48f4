"""Judging pulled news with the trust of this replica, and again when trust or parents arrive.

What does not count is set aside with the reason and kept in the log: a grant that arrives later
lets it count, a revocation takes it out of the projection again. Private threads are judged when
they are folded, in memory; see `threads`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from client.services.news_projection import Logged, project, refold
from client.storage.log import State
from shared_schema.ids import NEWS
from shared_schema.records.trust import Grants
from shared_schema.sync.change import decode
from shared_schema.sync.policy import ACCEPTED, judge
from shared_schema.sync.statement import Reason

if TYPE_CHECKING:
    from client.services.replica import Replica

_MOVE: Final = "UPDATE changes SET state = ?, reason = ? WHERE id = ?"
_ASIDE: Final = "SELECT id, received, raw FROM changes WHERE state = 5 AND scope = ?"
_ORPHANS: Final = _ASIDE + f" AND reason = {int(Reason.MISSING_PARENT)}"
_NEWER: Final = _ASIDE + f" AND reason = {int(Reason.NEWER)}"
_ASIDE_ROWS: Final = "SELECT id FROM changes WHERE state = 5"
_BY_DEVICE: Final = (
    "SELECT c.id, c.received, c.raw FROM changes c JOIN devices d ON d.id = c.author"
    " WHERE d.device = ? AND c.scope = ? AND c.state IN (0, 1, 3, 4)"
)
_OWN_LATER: Final = (
    "SELECT DISTINCT record FROM changes WHERE author = 1 AND scope = ? AND record IS NOT NULL"
)
_SET_ASIDE: Final = "UPDATE changes SET state = 5, reason = ? WHERE id = ? AND state = 4"


def judge_arrived(
    replica: Replica, connection: sqlite3.Connection, fresh: Sequence[Logged]
) -> None:
    """Project the news among these changes that count; set the others aside."""
    scope = replica.scopes.id_of[NEWS]
    news = [logged for logged in fresh if logged.change.scope == scope]
    _sort_out(replica, connection, news)


def rejudge(
    replica: Replica,
    connection: sqlite3.Connection,
    before: Grants,
    fresh: Sequence[Logged],
) -> None:
    """Judge again what the new trust, or newly arrived parents, may have changed."""
    scope = replica.scopes.id_of[NEWS]
    grants = replica.grants
    if grants != before:
        _sort_out(replica, connection, _logged(connection, _ASIDE, (scope,)))
        for device in _affected(before, grants):
            theirs = _logged(connection, _BY_DEVICE, (device, scope))
            _take_out(replica, connection, theirs)
            if device == replica.device:  # own news is never set aside: it may be back in a new log
                refold(connection, {logged.change.record for logged in theirs}, replica.facts())
    elif any(logged.change.opening and logged.change.scope == scope for logged in fresh):
        _sort_out(replica, connection, _logged(connection, _ORPHANS, (scope,)))


def rejudge_newer(replica: Replica) -> None:
    """Judge again what an older version of the app did not know; it may know it by now."""
    scope = replica.scopes.id_of[NEWS]
    if replica.store.rows(_NEWER, (scope,)):
        with replica.store.writing() as connection:
            _sort_out(replica, connection, _logged(connection, _NEWER, (scope,)))


def _sort_out(replica: Replica, connection: sqlite3.Connection, news: Sequence[Logged]) -> None:
    if not news:
        return
    facts = replica.facts()
    verdicts = [judge(logged.change, facts) for logged in news]
    moves = [
        (State.PULLED, 0, logged.row)
        if verdict == ACCEPTED
        else (State.SET_ASIDE, verdict.reason, logged.row)
        for logged, verdict in zip(news, verdicts, strict=True)
    ]
    # What has just arrived is PULLED already: only the others need a statement.
    connection.executemany(_MOVE, [move for move in moves if move[0] is State.SET_ASIDE])
    counted = [
        logged for logged, verdict in zip(news, verdicts, strict=True) if verdict == ACCEPTED
    ]
    waiting = _aside_among(connection, counted)
    connection.executemany(_MOVE, [(State.PULLED, 0, row) for row in waiting])
    project(connection, counted, facts)
    own = {record for (record,) in connection.execute(_OWN_LATER, (news[0].change.scope,))}
    # An own correction is there before its item when a phone was lost, and its data put back.
    refold(connection, own & {logged.change.record for logged in counted}, facts)


def _aside_among(connection: sqlite3.Connection, counted: Sequence[Logged]) -> Iterable[int]:
    aside = {row for (row,) in connection.execute(_ASIDE_ROWS)}
    return [logged.row for logged in counted if logged.row in aside] if aside else []


def _take_out(replica: Replica, connection: sqlite3.Connection, news: Sequence[Logged]) -> None:
    """Set aside what does not count any more, and fold its records without it.

    Own changes keep the verdict that they had; they only stop to count, here as everywhere.
    """
    facts = replica.facts()
    verdicts = ((logged, judge(logged.change, facts)) for logged in news)
    out = [(logged, verdict.reason) for logged, verdict in verdicts if verdict != ACCEPTED]
    connection.executemany(_SET_ASIDE, [(reason, logged.row) for logged, reason in out])
    refold(connection, {logged.change.record for logged, _ in out}, facts)


def _affected(before: Grants, after: Grants) -> set[bytes]:
    """The devices whose grants or cuts differ."""
    roles = {key for key, _ in before.roles.items() ^ after.roles.items()}
    cuts = {key for key, _ in before.cuts.items() ^ after.cuts.items()}
    return {device for device, _ in roles | cuts}


def _logged(connection: sqlite3.Connection, sql: str, arguments: tuple[bytes, ...]) -> list[Logged]:
    rows = connection.execute(sql, arguments).fetchall()
    return [Logged(row, received, decode(raw)) for row, received, raw in rows]
