"""What must be true of couriers. Checkers judge facts, and say in words what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.news import News
from client.services.types import AppealView
from client.storage.log import State
from misto.simulation.couriers import judging_disks, judging_doorstep
from misto.simulation.couriers.facts import Checker, Facts, Story, log_of
from misto.simulation.couriers.people import People
from misto.simulation.couriers.watch import Sort
from misto.simulation.receipts import unproven
from shared_schema.ids import ID_BYTES, NEWS
from shared_schema.sync.card_trust import trust_of

_CUT_OFF: Final = (
    "SELECT change_id FROM changes WHERE author = 1 AND scope = ? AND seq > ? AND record IS NULL"
)
_ALL: Final = 10_000


def acknowledged_is_on_the_server(facts: Facts) -> Iterable[str]:
    """No change that its author's app calls received is missing in the city."""
    for walker in facts.people.honest:
        lost = walker.acknowledged - facts.stored
        if lost:
            yield f"{walker.name}: {len(lost)} acknowledged changes are not on the server"


def saved_survives(facts: Facts) -> Iterable[str]:
    """What an app called saved is in its log."""
    for walker in facts.people.honest:
        lost = walker.saved - walker.own()
        if lost:
            yield f"{walker.name}: {len(lost)} saved changes are gone"


def nothing_is_invented(facts: Facts) -> Iterable[str]:
    """Whatever is in the city or in a log was made by somebody; junk only the desk has."""
    card = (change.id for _, change in trust_of(facts.people.card))
    city = facts.story.enrolled.union(card)
    made = city.union(facts.story.slips.made, *(each.made for each in facts.people.honest))
    if strange := facts.stored - made - facts.said:
        yield f"{len(strange)} changes on the server were made by nobody"
    for walker in facts.people.honest:
        allowed = made | facts.said if walker is facts.people.desk else made
        if unknown := log_of(walker) - allowed:
            yield f"{walker.name}: {len(unknown)} changes in its log were made by nobody"


def each_change_is_there_once(facts: Facts) -> Iterable[str]:
    """However many couriers brought it, the city lists a change once in a feed."""
    for feed, entries in facts.story.ledger.feeds().items():
        if [version for version, _ in entries] != list(range(1, len(entries) + 1)):
            yield f"feed {feed.hex()[:8]}: versions have gaps"
        if len({change for _, change in entries}) != len(entries):
            yield f"feed {feed.hex()[:8]}: a change is listed twice"


def receipts_hold_offline(facts: Facts) -> Iterable[str]:
    """Every verdict that a device shows can be proved against the card alone."""
    for walker in facts.people.honest:
        if missing := unproven(walker.replica):
            yield f"{walker.name}: no valid receipt for {', '.join(missing)}"


def nothing_goes_back(facts: Facts) -> Iterable[str]:
    """No feed, verdict, revocation or stored reply was ever replaced by an older one."""
    yield from _watched(facts, "back")


def nothing_is_dropped_without_a_receipt(facts: Facts) -> Iterable[str]:
    """A carried request went only when a verified reply covered it, or a newer request did."""
    yield from _watched(facts, "dropped")


def budgets_hold(facts: Facts) -> Iterable[str]:
    """Nobody ever carried more than there is room for."""
    yield from _watched(facts, "budget")


def changes_follow_their_paths(facts: Facts) -> Iterable[str]:
    """What went along an unbroken chain of honest meetings to the server is there."""
    if missing := facts.story.paths.on_server - facts.stored:
        who = {facts.story.authors.get(each, "?") for each in missing}
        yield f"{len(missing)} changes by {', '.join(sorted(who))} had a path to the city"


def receipts_follow_their_paths(facts: Facts) -> Iterable[str]:
    """An author to whom a receipt was brought knows it."""
    for walker in facts.people.honest:
        waiting = facts.story.paths.settled[walker.name] & walker.waiting()
        if waiting:
            yield f"{walker.name}: {len(waiting)} receipts had a path back"


def replies_follow_their_paths(facts: Facts) -> Iterable[str]:
    """An author to whom the desk's words were brought has them."""
    for walker in facts.people.honest:
        if missing := facts.story.paths.mail[walker.name] - log_of(walker):
            yield f"{walker.name}: {len(missing)} replies had a path back"


def news_follow_their_paths(facts: Facts) -> Iterable[str]:
    """Whoever was handed the news has them."""
    for walker in facts.people.honest:
        public = facts.story.paths.holds[walker.name].public - facts.story.roll.contested()
        if missing := public - log_of(walker):
            yield f"{walker.name}: {len(missing)} news had a path"


def honest_things_are_never_refused(facts: Facts) -> Iterable[str]:
    """A courier with room to spare takes all that is honest; the tight one says why it does not."""
    for walker in facts.people.honest:
        if walker not in facts.people.tights:
            bad = walker.reasons & {"full", "import_share"}
            if bad:
                yield f"{walker.name}: refused for want of room: {', '.join(sorted(bad))}"


def the_server_answers(facts: Facts) -> Iterable[str]:
    """Whatever couriers post, the server and the apps go on working."""
    if facts.story.server_failures:
        yield f"server: {', '.join(sorted(set(facts.story.server_failures)))}"
    for walker in facts.people.honest:
        if walker.failures:
            yield f"{walker.name}: {', '.join(walker.failures)}"


def revoked_news_do_not_count(facts: Facts) -> Iterable[str]:
    """Nobody who has heard of the revocation shows what it cuts off."""
    guest = facts.people.guest.replica
    rows = guest.store.rows(_CUT_OFF, (guest.scopes.id_of[NEWS], facts.story.guest_last_seq))
    cut = {bytes(row[0])[:ID_BYTES].hex() for row in rows}
    for walker in facts.people.honest:
        if (facts.story.guest, NEWS) not in walker.replica.grants.cuts:
            continue
        if shown := cut & {item.record for item in News(walker.replica).list(limit=_ALL)}:
            yield f"{walker.name}: still shows {len(shown)} news items by a revoked device"


def everything_arrives_in_the_end(facts: Facts) -> Iterable[str]:
    """After everybody met a courier twice, nothing waits, and everybody has all replies."""
    mailboxes = facts.story.ledger.mailboxes()
    for walker in facts.people.honest:
        if walker in facts.people.tights:
            continue
        if waiting := walker.waiting():
            yield f"{walker.name}: {len(waiting)} changes still wait"
        if refused := walker.own(State.REFUSED) - walker.joinings:
            late = "guest" if walker is facts.people.guest else ""
            if not late:
                yield f"{walker.name}: {len(refused)} changes were refused for no reason"
        if missing := mailboxes.get(walker.name, frozenset()) - log_of(walker):
            yield f"{walker.name}: {len(missing)} replies have not come"


def everybody_knows_the_revocation(facts: Facts) -> Iterable[str]:
    """In the end trust has come to everybody, network or not."""
    for walker in facts.people.honest:
        if walker in facts.people.tights:
            continue
        if (facts.story.guest, NEWS) not in walker.replica.grants.cuts:
            yield f"{walker.name} has not heard of the revocation"


def both_sides_show_the_same_thread(facts: Facts) -> Iterable[str]:
    """What the desk and a resident say to each other reads the same on both sides."""
    queue = Desk(facts.people.desk.replica).queue(limit=_ALL)
    shown = {view.record: _shown(view) for view in queue}
    for walker in [*facts.people.residents, *facts.people.couriers]:
        for view in Appeals(walker.replica).list():
            if shown.get(view.record) != _shown(view):
                yield f"{walker.name}: thread {view.record[:8]} differs from the desk's"


ALWAYS: Final[tuple[Checker, ...]] = (
    *judging_doorstep.ALWAYS,
    *judging_disks.ALWAYS,
    acknowledged_is_on_the_server,
    saved_survives,
    nothing_is_invented,
    each_change_is_there_once,
    receipts_hold_offline,
    nothing_goes_back,
    nothing_is_dropped_without_a_receipt,
    budgets_hold,
    changes_follow_their_paths,
    receipts_follow_their_paths,
    replies_follow_their_paths,
    news_follow_their_paths,
    honest_things_are_never_refused,
    the_server_answers,
    revoked_news_do_not_count,
)
"""At any moment."""
AT_THE_END: Final[tuple[Checker, ...]] = (
    *judging_doorstep.AT_THE_END,
    everything_arrives_in_the_end,
    everybody_knows_the_revocation,
    both_sides_show_the_same_thread,
)
"""After healing."""


def violations(people: People, story: Story, checkers: tuple[Checker, ...]) -> tuple[str, ...]:
    """All that these checkers find, each with the checker's name in front."""
    said = frozenset(each for crook in people.crooks for each in crook.said)
    facts = Facts(people, story, story.ledger.changes(), said)
    return tuple(f"{check.__name__}: {found}" for check in checkers for found in check(facts))


def _watched(facts: Facts, sort: Sort) -> Iterable[str]:
    for walker in facts.people.every:
        for broken in dict.fromkeys(walker.watch.broken[sort]):
            yield f"{walker.name}: {broken}"


def _shown(view: AppealView) -> tuple[Any, ...]:
    said = tuple((line.by_desk, line.text) for line in view.said)
    return (
        view.title, view.text, view.state, view.number, view.status, said, view.withdrawn,
        view.received_at_ms, view.receipt_number,
    )  # fmt: skip
