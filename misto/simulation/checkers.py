"""What must be true after healing. Each checker is a small function of the collected facts.

Checkers know nothing of how the facts came about; they return what is wrong, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What one device promised, and what it holds and shows in the end."""

    name: str
    role: str
    saved: frozenset[bytes]
    acknowledged: frozenset[bytes]
    own: frozenset[bytes]
    waiting: int
    unproven: tuple[str, ...]
    diverged: tuple[str, ...]
    threads: dict[str, Any]
    news: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checkers may go by."""

    devices: tuple[DeviceFacts, ...]
    server_changes: frozenset[bytes]
    from_card: frozenset[bytes]
    feeds: dict[str, tuple[tuple[int, bytes], ...]]
    received: dict[str, tuple[int, ...]]
    """Commit times of each feed's changes, in the order of versions."""


def acknowledged_is_on_the_server(facts: Facts) -> Iterable[str]:
    """No acknowledged change is lost."""
    for device in facts.devices:
        lost = device.acknowledged - facts.server_changes
        if lost:
            yield f"{device.name}: {len(lost)} acknowledged changes are not on the server"


def nothing_is_invented(facts: Facts) -> Iterable[str]:
    """Every change on the server was saved by a device, or came with the card."""
    known = facts.from_card.union(*(device.saved for device in facts.devices))
    strange = facts.server_changes - known
    if strange:
        yield f"{len(strange)} changes on the server were made by nobody"


def saved_survives(facts: Facts) -> Iterable[str]:
    """What the app called saved is still in its log, whatever crashed."""
    for device in facts.devices:
        lost = device.saved - device.own
        if lost:
            yield f"{device.name}: {len(lost)} saved changes are gone"


def feeds_hold_each_change_once(facts: Facts) -> Iterable[str]:
    """Versions have no gaps, and nothing is listed twice."""
    for feed, entries in facts.feeds.items():
        if [version for version, _ in entries] != list(range(1, len(entries) + 1)):
            yield f"feed {feed}: versions have gaps"
        if len({change for _, change in entries}) != len(entries):
            yield f"feed {feed}: a change is listed twice"


def every_change_has_a_verdict(facts: Facts) -> Iterable[str]:
    """After healing nothing waits for ever."""
    for device in facts.devices:
        if device.waiting:
            yield f"{device.name}: {device.waiting} changes still wait"


def everything_saved_arrives(facts: Facts) -> Iterable[str]:
    """Progress resumes: what honest devices saved is on the server in the end."""
    for device in facts.devices:
        missing = device.saved - facts.server_changes
        if missing:
            yield f"{device.name}: {len(missing)} saved changes never arrived"


def receipts_hold_offline(facts: Facts) -> Iterable[str]:
    """Whatever is shown as received can be proved against the card alone."""
    for device in facts.devices:
        if device.unproven:
            yield f"{device.name}: no valid receipt for {', '.join(device.unproven)}"


def digests_match_heads(facts: Facts) -> Iterable[str]:
    """A replica that holds a whole feed has the digest that the server signed."""
    for device in facts.devices:
        if device.diverged:
            yield f"{device.name}: differs from the signed head of {', '.join(device.diverged)}"


def desks_agree(facts: Facts) -> Iterable[str]:
    """All desks show the same queue."""
    desks = [device for device in facts.devices if device.role == "desk"]
    for desk in desks[1:]:
        if desk.threads != desks[0].threads:
            yield f"{desk.name} and {desks[0].name} show different queues"


def residents_see_what_the_desk_sees(facts: Facts) -> Iterable[str]:
    """Both sides of every thread show the same thread."""
    desks = [device for device in facts.devices if device.role == "desk"]
    for device in facts.devices:
        if device.role != "resident":
            continue
        for record, thread in device.threads.items():
            if desks and desks[0].threads.get(record) != thread:
                yield f"{device.name}: thread {record[:8]} differs from the desk's"


def news_are_the_same_everywhere(facts: Facts) -> Iterable[str]:
    """All devices show the same news in the same order."""
    for device in facts.devices:
        if device.news != facts.devices[0].news:
            yield f"{device.name} shows other news than {facts.devices[0].name}"


def received_times_follow_versions(facts: Facts) -> Iterable[str]:
    """Legal dates never run backwards, whatever the server's clock does."""
    for feed, times in facts.received.items():
        if list(times) != sorted(times):
            yield f"feed {feed}: received times run backwards"


Checker = Callable[[Facts], Iterable[str]]
CHECKERS: Final[tuple[Checker, ...]] = (
    acknowledged_is_on_the_server,
    nothing_is_invented,
    saved_survives,
    feeds_hold_each_change_once,
    every_change_has_a_verdict,
    everything_saved_arrives,
    receipts_hold_offline,
    digests_match_heads,
    desks_agree,
    residents_see_what_the_desk_sees,
    news_are_the_same_everywhere,
    received_times_follow_versions,
)


def violations(facts: Facts) -> tuple[str, ...]:
    """All that any checker finds, each with the checker's name in front."""
    return tuple(f"{check.__name__}: {found}" for check in CHECKERS for found in check(facts))
