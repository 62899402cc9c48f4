"""What must be true of appeals taken at doors, of their slips, and of volunteers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from client.services.desk import Desk
from client.services.types import AppealView
from misto.simulation.couriers.facts import Checker, Facts, log_of
from misto.simulation.couriers.roll import volunteers
from misto.simulation.couriers.slips import PaperSlip, received
from misto.simulation.couriers.walker import Walker

_READERS: Final = 3
"""At so many carriers' devices each slip is read; besides, at all where it was adopted."""
_ALL: Final = 10_000


def claims_say_the_truth(facts: Facts) -> Iterable[str]:
    """What was shown to somebody with a slip as received was in the city then, and is there now."""
    for slip in facts.story.slips.every:
        if lost := slip.untrue | slip.acknowledged - facts.stored:
            yield f"{slip.name}: {len(lost)} changes were shown as received and are not there"


def slips_follow_their_paths(facts: Facts) -> Iterable[str]:
    """Receipts and replies are shown to whoever types a slip's words where they had a path to."""
    replies = facts.story.ledger.replies()
    for slip, walker in _readers(facts):
        known = facts.story.slips.known_at(walker, slip)
        view = facts.story.slips.read(walker, slip)
        if view is None:
            yield f"{slip.name} at {walker.name}: nothing is here"
            continue
        if missing := known.receipts & slip.said.keys() - received(view, slip):
            yield f"{slip.name} at {walker.name}: {len(missing)} receipts had a path"
        heard = {change for _, change in known.mail} & replies
        if sum(line.by_desk for line in view.said) < len(heard):
            yield f"{slip.name} at {walker.name}: of {len(heard)} replies not all are here"


def dismissals_follow_their_paths(facts: Facts) -> Iterable[str]:
    """A dismissed volunteer is shown as none wherever the dismissal had a path to."""
    for walker in facts.people.honest:
        for gone in facts.story.roll.dismissed:
            if walker is facts.people.desk or gone.said <= _public(facts, walker):
                yield from _shows_as_gone(walker, gone.device, gone.name)


def volunteers_follow_their_paths(facts: Facts) -> Iterable[str]:
    """A volunteer is shown as one wherever invitation and joining had a path to."""
    gone = {each.device for each in facts.story.roll.dismissed}
    contested = facts.story.roll.contested()
    for walker in facts.people.honest:
        public = _public(facts, walker)
        for joining in facts.story.roll.joined:
            device = joining.walker.replica.device
            said = joining.said | joining.code.invited
            if device in gone or not public >= said or contested & said:
                continue
            if not volunteers(walker).is_volunteer(device):
                yield f"{walker.name}: {joining.walker.name} is not shown as a volunteer"


def slips_arrive_in_the_end(facts: Facts) -> Iterable[str]:
    """What was said with a slip is with the desk, once, and reads the same on both sides.

    Also when every courier has wiped what it carried: whoever has the words can ask the city.
    """
    hub = facts.people.runners[0]
    queue = Desk(facts.people.desk.replica).queue(limit=_ALL)
    for slip in facts.story.slips.every:
        if missing := slip.said.keys() - facts.stored:
            yield f"{slip.name}: {len(missing)} changes have not come"
        desk = [_shown(view) for view in queue if view.record == slip.record]
        view = facts.story.slips.read(hub, slip, looks=True)
        taken = sum(not text for text in slip.said.values())
        if taken != 1:
            yield f"{slip.name}: its appeal was taken {taken} times"
        if desk != [view and _shown(view)]:
            yield f"{slip.name}: {len(desk)} times with the desk, or not what its holder sees"


def joinings_count_in_the_end(facts: Facts) -> Iterable[str]:
    """Whoever was alone in using a code is a volunteer, unless a desk has taken it back."""
    roll = facts.story.roll
    gone = {each.name for each in roll.dismissed}
    for joining in roll.joined:
        rivals = [each.walker.name for each in roll.joined if each.code is joining.code]
        if len(rivals) == 1 and joining.walker.name not in gone and joining.said - facts.stored:
            yield f"{joining.walker.name} has joined, and the city does not know it"


def dismissals_are_known_in_the_end(facts: Facts) -> Iterable[str]:
    """In the end everybody has heard who is no volunteer any more."""
    for walker in facts.people.honest:
        if walker in facts.people.tights:
            continue
        for gone in facts.story.roll.dismissed:
            yield from _shows_as_gone(walker, gone.device, gone.name)
            if not gone.said <= log_of(walker):
                yield f"{walker.name} has not heard that {gone.name} was dismissed"


ALWAYS: Final[tuple[Checker, ...]] = (
    claims_say_the_truth,
    slips_follow_their_paths,
    dismissals_follow_their_paths,
    volunteers_follow_their_paths,
)
AT_THE_END: Final[tuple[Checker, ...]] = (
    slips_arrive_in_the_end,
    joinings_count_in_the_end,
    dismissals_are_known_in_the_end,
)


def _readers(facts: Facts) -> Iterator[tuple[PaperSlip, Walker]]:
    """Where a slip is read: at whoever adopted it, at its holder's, and at a few carriers'."""
    for place, slip in enumerate(facts.story.slips.every):
        names = {slip.holder.name, *slip.adopted}
        couriers = facts.people.couriers
        start = place % len(couriers)
        others = [*couriers[start:], *couriers[:start]]
        knowing = [each for each in others if _knows(facts, each, slip) and each.name not in names]
        own = [each for each in facts.people.honest if each.name in names]
        for walker in [*(each for each in own if _knows(facts, each, slip)), *knowing[:_READERS]]:
            yield slip, walker


def _knows(facts: Facts, walker: Walker, slip: PaperSlip) -> bool:
    known = facts.story.slips.known_at(walker, slip)
    return bool(known.receipts or known.mail)


def _public(facts: Facts, walker: Walker) -> frozenset[bytes]:
    return facts.story.paths.holds[walker.name].public


def _shows_as_gone(walker: Walker, device: bytes, name: str) -> Iterator[str]:
    here = volunteers(walker)
    if here.is_volunteer(device):
        yield f"{walker.name}: still shows {name} as a volunteer"
    own = here.membership() if walker.name == name else None
    if own is not None and own.holds:
        yield f"{name} still believes that it is a volunteer"


def _shown(view: AppealView) -> tuple[object, ...]:
    said = tuple((line.by_desk, line.text) for line in view.said)
    return (
        view.title,
        view.text,
        view.number,
        view.status,
        said,
        view.withdrawn,
        view.received_at_ms,
    )
