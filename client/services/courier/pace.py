"""How often carried requests are posted, and how many at a time. Pure.

What has not reached the city goes first, most urgent first, at once. A request that the city has
answered is a ticket to its sender's mailbox, and is posted again now and then: after five minutes,
then ten, twenty, and so on up to a day, as long as there is nothing new; from five minutes again
when there was, when its sender has been near, and when a person asks for everything. One that the
city gives no verdict on yet is tried again after a minute, two, four, up to an hour.

The times are this device's clock's. They decide nothing but traffic: one that was set back makes
everything due once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from client.storage.carried import Stored
from shared_schema.limits import CARRY_REQUESTS_MAX

MINUTE_MS: Final = 60_000
ANSWERED_MS: Final = (5 * MINUTE_MS, 24 * 60 * MINUTE_MS)
"""From and up to how long until an answered request is posted again."""
WAITING_MS: Final = (MINUTE_MS, 60 * MINUTE_MS)
"""The same for one without all its verdicts, after the first attempt."""
AGAIN_MAX: Final = 32
"""Answered requests that one turn posts again, unless a person asks for all."""
ROOM_MIN: Final = 2 * 1024
"""With less room, in bytes, nothing more is begun: a post has its own head, and an answer."""
REPLY_GUESS_BYTES: Final = 1024
"""What a reply takes that nobody has seen yet: its receipts, and the city's trust."""
STEP_FIRST_BYTES: Final = 64 * 1024
STEP_MAX_BYTES: Final = 1024 * 1024


class Turn(NamedTuple):
    """How much of what is carried is wanted at the city now."""

    everything: bool = True
    """A person asks for all of it; else what is due."""
    room: int | None = None
    """Bytes each way at most, with heads; None is as many as it takes."""


def pause_ms(stored: Stored) -> int:
    """How long after the last attempt a request is due again, in milliseconds."""
    first, longest = ANSWERED_MS if stored.done else WAITING_MS
    asks = stored.asks if stored.done else stored.asks - 1
    return min(first << min(asks, 16), longest) if asks >= 0 else 0


def is_due(stored: Stored, now_ms: int) -> bool:
    """Whether a request is to be posted now."""
    return not stored.asked_ms <= now_ms < stored.asked_ms + pause_ms(stored)


def in_turn(stored: Sequence[Stored], turn: Turn, now_ms: int) -> list[Stored]:
    """What to post, in that order: what waits as it comes, then what was asked longest ago.

    Args:
        stored: most urgent first, then oldest.
    """
    due = [each for each in stored if turn.everything or is_due(each, now_ms)]
    waiting = [each for each in due if not each.done]
    answered = sorted((each for each in due if each.done), key=lambda each: each.asked_ms)
    return waiting + answered[: None if turn.everything else AGAIN_MAX]


def batch_of(queue: Sequence[Stored], step: int, room: int | None, *, begun: bool) -> list[Stored]:
    """The next requests that go in one post; none when there is no room for any.

    Args:
        step: bytes that a batch has at most, but for its first request.
        begun: something was posted in this turn. If nothing was, what waits first goes also when it
            is longer than the room, or it would never go.
    """
    left = step if room is None else min(step, room)
    batch: list[Stored] = []
    for each in queue[:CARRY_REQUESTS_MAX]:
        size = each.size if room is None else max(each.size, REPLY_GUESS_BYTES)
        alone = not batch and (room is None or size <= room or not (begun or each.done))
        if size > left and not alone:
            if each.done and not batch:
                continue  # its answer was too long for this room: others may fit
            break
        batch.append(each)
        left -= size
    return batch


class Step:
    """How much goes in one post: less after a link broke, so that each step is kept."""

    def __init__(self) -> None:
        self.bytes = STEP_FIRST_BYTES
        self.broken: tuple[bytes, ...] = ()
        """The requests of the post that did not come through, if that was the last."""

    def failed(self, batch: Sequence[Stored]) -> None:
        """A post was lost: the next one brings a single request, the most urgent."""
        self.bytes, self.broken = 0, tuple(each.request for each in batch)

    def went(self, batch: Sequence[Stored]) -> None:
        """A post was answered: the next one may be twice as long."""
        size = sum(each.size for each in batch)
        self.bytes = min(max(self.bytes, size) * 2, STEP_MAX_BYTES)
        self.broken = ()
