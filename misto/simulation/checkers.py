"""What must be true after healing. Each checker is a small function of the collected facts.

Checkers know nothing of how the facts came about; they return what is wrong, in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from shared_schema.sync.receive import Settled
from shared_schema.sync.statement import Status


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """What one device promised, and what it holds and shows in the end."""

    name: str
    role: str
    device: bytes
    saved: frozenset[bytes]
    made: frozenset[bytes]
    """What was saved, and what was made while the power failed: nobody was told of it."""
    acknowledged: frozenset[bytes]
    refused: frozenset[bytes]
    log: frozenset[bytes]
    """Ids of all changes it holds, by whomever."""
    waiting: int
    failures: tuple[str, ...]
    """What its app could not do, though it offered it."""
    unproven: tuple[str, ...]
    diverged: tuple[str, ...]
    threads: dict[str, Any]
    news: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RascalFacts:
    """What the device with the modified app said, and what the server signed about it."""

    device: bytes
    lie: str
    """Stands in all that it says."""
    said: frozenset[bytes]
    forbidden: frozenset[bytes]
    records: frozenset[str]
    """Appeals of its own, which anybody may file."""
    forks: tuple[tuple[bytes, bytes], ...]
    verdicts: dict[bytes, frozenset[Settled]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the checkers may go by."""

    devices: tuple[DeviceFacts, ...]
    rascal: RascalFacts
    server_changes: frozenset[bytes]
    server_failures: tuple[str, ...]
    enrolled: frozenset[bytes]
    """Changes of the trust scope: from the card, and by the enrolment key since."""
    forbidden: frozenset[bytes]
    """What residents said as if they were the desk: to be refused."""
    revocable: frozenset[bytes]
    """Changes that a revocation cuts off: refused, or not counted any more."""
    revoked_news: frozenset[str]
    """News items that were opened by such changes."""
    rivals: frozenset[bytes]
    """Devices that have two different changes at one place of a stream on the server."""
    flagged: frozenset[bytes]
    """Devices that the server has caught at it."""
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
    """Every change on the server and on any device was made by one, or is the city's own trust."""
    made = (device.made for device in facts.devices)
    known = facts.enrolled.union(facts.rascal.said, *made)
    strange = facts.server_changes - known
    if strange:
        yield f"{len(strange)} changes on the server were made by nobody"
    for device in facts.devices:
        strange = device.log - known
        if strange:
            yield f"{device.name}: {len(strange)} changes in its log were made by nobody"


def saved_survives(facts: Facts) -> Iterable[str]:
    """What the app called saved is still in its log, whatever crashed."""
    for device in facts.devices:
        lost = device.saved - device.log
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
    """Progress resumes: whatever was saved is on the server in the end, or was refused."""
    for device in facts.devices:
        missing = device.saved - facts.server_changes - device.refused
        if missing:
            yield f"{device.name}: {len(missing)} saved changes never arrived"


def only_what_is_not_allowed_is_refused(facts: Facts) -> Iterable[str]:
    """A forbidden change is refused, and none of its neighbours with it."""
    accepted = facts.forbidden & facts.server_changes
    if accepted:
        yield f"{len(accepted)} forbidden changes are on the server"
    for device in facts.devices:
        wrongly = device.refused - facts.forbidden - facts.revocable
        if wrongly:
            yield f"{device.name}: {len(wrongly)} changes were refused for no reason"


def revoked_news_do_not_count(facts: Facts) -> Iterable[str]:
    """What a revocation cuts off is shown nowhere, whichever came first."""
    for device in facts.devices:
        shown = facts.revoked_news & {item.record for item in device.news}
        if shown:
            yield f"{device.name}: still shows {len(shown)} news items by a revoked device"


def what_is_offered_can_be_done(facts: Facts) -> Iterable[str]:
    """Whatever the network does, the app and the server go on working."""
    if facts.server_failures:
        yield f"server: {', '.join(facts.server_failures)}"
    for device in facts.devices:
        if device.failures:
            yield f"{device.name}: {', '.join(device.failures)}"


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
        if device.role not in {"resident", "cloned"}:
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


def forbidden_is_refused(facts: Facts) -> Iterable[str]:
    """The server keeps nothing that its sender had no right to say, and signs that it refused."""
    for change in sorted(facts.rascal.forbidden):
        if change in facts.server_changes:
            yield f"{change.hex()[:8]} is on the server"
        if any(given.status != Status.REFUSED for given in facts.rascal.verdicts.get(change, ())):
            yield f"{change.hex()[:8]} was not signed as refused"


def lies_are_not_shown(facts: Facts) -> Iterable[str]:
    """Whatever the server lets through, readers judge for themselves."""
    for device in facts.devices:
        threads = [
            thread
            for record, thread in device.threads.items()
            if record not in facts.rascal.records
        ]
        if facts.rascal.lie in repr((threads, device.news)):
            yield f"{device.name} shows what the rascal had no right to say"


def verdicts_are_final(facts: Facts) -> Iterable[str]:
    """Every change gets a verdict, the same whenever it is offered; what is not refused is kept."""
    for change in sorted(facts.rascal.said):
        given = facts.rascal.verdicts.get(change, frozenset())
        if len(given) != 1:
            yield f"{change.hex()[:8]}: {len(given)} verdicts"
        kept = any(each.status != Status.REFUSED for each in given)
        if kept and change not in facts.server_changes:
            yield f"{change.hex()[:8]}: not refused, and not on the server"


def forks_are_kept_and_flagged(facts: Facts) -> Iterable[str]:
    """Of two changes with one seq none is lost; only a clone or a rascal ever makes them."""
    for pair in facts.rascal.forks:
        if not facts.server_changes.issuperset(pair):
            yield "one change of a fork is not on the server"
    if bool(facts.rascal.forks) != (facts.rascal.device in facts.flagged):
        yield "the rascal's forks are not flagged"
    if facts.rivals != facts.flagged:
        yield f"{len(facts.rivals)} devices forked, {len(facts.flagged)} are flagged"
    for device in facts.devices:
        if device.role != "cloned" and device.device in facts.rivals:
            yield f"{device.name} is no clone, and gave one seq to two changes"


Checker = Callable[[Facts], Iterable[str]]
CHECKERS: Final[tuple[Checker, ...]] = (
    acknowledged_is_on_the_server,
    nothing_is_invented,
    saved_survives,
    feeds_hold_each_change_once,
    every_change_has_a_verdict,
    everything_saved_arrives,
    only_what_is_not_allowed_is_refused,
    revoked_news_do_not_count,
    what_is_offered_can_be_done,
    receipts_hold_offline,
    digests_match_heads,
    desks_agree,
    residents_see_what_the_desk_sees,
    news_are_the_same_everywhere,
    received_times_follow_versions,
    forbidden_is_refused,
    lies_are_not_shown,
    verdicts_are_final,
    forks_are_kept_and_flagged,
)


def violations(facts: Facts) -> tuple[str, ...]:
    """All that any checker finds, each with the checker's name in front."""
    return tuple(f"{check.__name__}: {found}" for check in CHECKERS for found in check(facts))
