"""The journal card is the same at every desk, and nothing that anybody said is lost in it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.limits import ACT_OVER_MAX
from shared_schema.records import appeal
from shared_schema.records.appeal import Act, Extended, Registered, StatusSet, fold_thread
from shared_schema.records.desk import Assigned, JournalCard, Merged, Noted, Register, fold_card
from shared_schema.sync.hlc import clamp
from tests.shared_schema.desk_stories import (
    AUTHOR,
    FIELDS,
    NORTH,
    OPENED,
    RECORDS,
    SOUTH,
    Story,
    an_act,
    name_of,
    stories,
)

EAST = b"e" * 16


def register(card: JournalCard, field: str) -> Register[object]:
    found: Register[object] = getattr(card, field)
    return found


def status(
    said: appeal.Status, time: int, device: bytes, over: Sequence[Act] | None = (), note: str = ""
) -> Act:
    """A status act over others; None for one of the first release."""
    named = None if over is None else [name_of(act) for act in over]
    return an_act(StatusSet(said, note, named), time, device, time)


def standing(acts: Sequence[Act]) -> list[str]:
    """The rivals of the status, the last one first."""
    return [head.value.status for head in fold_card(acts).status.heads]


@given(stories(), st.data())
def test_desks_that_heard_everything_in_another_order_have_the_same_card(
    story: Story, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(story.acts))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(story.acts), max_size=5))]
    assert fold_card(repeated) == fold_card(story.acts)
    assert fold_thread(b"r" * 16, repeated) == fold_thread(b"r" * 16, story.acts)


@given(stories())
def test_what_no_desk_has_seen_replaced_stands_and_nothing_else_does(story: Story) -> None:
    card = fold_card(story.acts)
    for sort, field in FIELDS.items():
        heads = register(card, field).heads
        assert {head.id for head in heads} == story.unseen(sort)
        assert [head.time for head in heads] == sorted((h.time for h in heads), reverse=True)


@given(stories())
def test_no_reply_note_date_or_supporter_is_lost(story: Story) -> None:
    card, thread = fold_card(story.acts), fold_thread(b"r" * 16, story.acts)
    assert thread is not None
    assert {note.id for note in card.notes} == {act.id for act in story.of(Noted)}
    assert {said.id for said in thread.said} == {
        act.id for act in story.of(appeal.Replied, appeal.Commented)
    }
    assert {step.id for step in thread.history} == {
        act.id for act in story.of(Registered, StatusSet, Extended)
    }
    assert card.registered_at == first_of(story.of(Registered))
    assert card.extended_at == first_of(story.of(Extended))
    ends = ("answered", "returned", "closed")
    assert card.answered_at == first_of(
        [act for act in story.of(StatusSet) if getattr(act.payload, "status", "") in ends]
    )
    last_words = [act for act in story.of(Merged) if act.id in story.unseen(Merged)]
    waits_for = {act.payload.into for act in last_words if isinstance(act.payload, Merged)}
    assert waits_for == {head.value for head in card.merged.heads}


def first_of(acts: Sequence[Act]) -> int | None:
    return min((act.time for act in acts), default=None)


@given(stories())
def test_an_act_over_all_rivals_ends_the_conflict(story: Story) -> None:
    card = fold_card(story.acts)
    late = 1 + max(act.time for act in story.acts)
    for field, chosen in {
        "registration": Registered("7", over=card.registration.over),
        "status": StatusSet("closed", "", card.status.over),
        "assignee": Assigned("Ірина", card.assignee.over),
        "merged": Merged(RECORDS[1], card.merged.over),
    }.items():
        after = fold_card([*story.acts, an_act(chosen, late, EAST)])
        assert len(register(after, field).heads) == 1
        assert field not in after.conflicts
        assert set(card.conflicts) - {field} == set(after.conflicts)


@given(stories(), st.data())
def test_acts_of_the_first_release_leave_the_last_one_as_they_always_did(
    story: Story, data: st.DataObject
) -> None:
    """A desk that was not updated names nothing, and its card was the last one said."""
    old = [
        act._replace(payload=msgspec.structs.replace(act.payload, over=None))
        if type(act.payload) in FIELDS
        else act
        for act in story.acts
    ]
    card = fold_card(data.draw(st.permutations(old)))
    for sort, field in FIELDS.items():
        ids = [head.id for head in register(card, field).heads]
        acts = [act for act in old if isinstance(act.payload, sort)]
        assert ids == [act.id for act in sorted(acts, key=lambda act: act.order)][-1:]
    assert card.conflicts == ()


@given(stories(), st.lists(st.booleans(), min_size=15, max_size=15), st.data())
def test_where_old_and_new_desks_mix_something_always_stands(
    story: Story, old: list[bool], data: st.DataObject
) -> None:
    """Whatever the server's receipts make of their clocks: no field is ever empty again."""
    mixed = [
        act._replace(
            time=data.draw(st.integers(1, 50)),
            payload=msgspec.structs.replace(act.payload, over=None)
            if is_old and type(act.payload) in FIELDS
            else act.payload,
        )
        for act, is_old in zip(story.acts, old, strict=False)
    ]
    card = fold_card(mixed)
    assert card == fold_card(data.draw(st.permutations(mixed)))
    for sort, field in FIELDS.items():
        said = any(isinstance(act.payload, sort) for act in mixed)
        assert bool(register(card, field).heads) is said


def test_an_old_desk_replaces_what_stands_before_it_and_not_what_comes_after() -> None:
    first = status("registered", 1, NORTH)
    old = status("in_progress", 2, SOUTH, None)
    unaware = status("answered", 3, NORTH, [first])
    assert standing([first, old]) == ["in_progress"]
    assert standing([first, old, unaware]) == ["answered", "in_progress"]
    assert standing([old, unaware, status("closed", 4, EAST, None)]) == ["closed"]


@pytest.mark.parametrize("between", [False, True])
def test_an_old_desk_with_its_clock_ahead_does_not_wipe_the_answer_to_it(between: bool) -> None:
    """Both are clamped to one receipt and the device decides: they must not replace each other."""
    ahead = 10**12 << 16
    old = an_act(StatusSet("in_progress"), clamp(ahead, 5), SOUTH, received=5)
    step = an_act(
        StatusSet("registered", over=[name_of(old)]), clamp(ahead + 1, 5), NORTH, 1, received=5
    )
    last = step if between else old
    new = an_act(
        StatusSet("answered", over=[name_of(last)]), clamp(ahead + 2, 5), NORTH, 2, received=5
    )
    assert new.order < old.order
    assert standing([old, step, new] if between else [old, new]) == ["answered"]


def test_two_desks_apart_are_a_conflict_only_when_they_said_different_things() -> None:
    first = status("registered", 1, NORTH)
    north, south = status("answered", 2, NORTH, [first]), status("closed", 3, SOUTH, [first])
    card = fold_card([first, north, south])
    assert standing([first, north, south]) == ["closed", "answered"]
    assert card.conflicts == ("status",)
    same = status("answered", 3, SOUTH, [first])
    card = fold_card([first, north, same])
    assert (len(card.status.heads), card.conflicts) == (2, ())


def test_desks_that_say_the_same_over_different_acts_do_not_differ() -> None:
    """What an act replaces is no part of what it says."""
    first, second = status("registered", 1, NORTH), status("in_progress", 2, SOUTH)
    north = status("answered", 3, NORTH, [first, second])
    south = status("answered", 4, SOUTH, [second])
    card = fold_card([first, second, north, south])
    assert (standing([first, second, north, south]), card.conflicts) == (["answered"] * 2, ())
    numbers = [
        an_act(Registered("7", over=[name_of(first)]), 5, NORTH),
        an_act(Registered("7", over=[]), 6, SOUTH),
    ]
    assert fold_card(numbers).conflicts == ()
    marked = an_act(Registered("7", marks=["mass"], over=[]), 6, SOUTH)
    assert fold_card([numbers[0], marked]).conflicts == ("registration",)


def test_a_third_desk_that_saw_one_rival_leaves_the_other_in_place() -> None:
    north, south = status("answered", 1, NORTH), status("returned", 2, SOUTH)
    third = status("closed", 3, EAST, [north])
    assert standing([north, south, third]) == ["closed", "returned"]
    assert fold_card([north, south, third]).conflicts == ("status",)


def test_a_choice_made_twice_apart_is_one_choice() -> None:
    north, south = status("answered", 1, NORTH), status("returned", 2, SOUTH)
    both = [status("answered", time, who, [north, south]) for time, who in ((3, NORTH), (4, SOUTH))]
    assert fold_card([north, south, *both]).conflicts == ()


def test_more_rivals_than_one_act_can_name_are_ended_by_two() -> None:
    acts = [
        an_act(Assigned(f"{number}", []), 1 + number, bytes([number]) * 16)
        for number in range(ACT_OVER_MAX + 3)
    ]
    for time, left in ((100, 4), (101, 1)):
        over = fold_card(acts).assignee.over
        assert len(over) <= ACT_OVER_MAX
        acts.append(an_act(Assigned("Олена", over), time, NORTH))
        assert len(fold_card(acts).assignee.heads) == left
    assert fold_card(acts).assignee.value == "Олена"


def test_an_act_that_is_still_on_its_way_is_replaced_when_it_comes() -> None:
    early = status("registered", 1, NORTH)
    late = status("answered", 2, SOUTH, [early])
    assert standing([late]) == standing([late, early]) == ["answered"]


def test_an_act_of_one_field_replaces_nothing_in_another() -> None:
    said = status("answered", 1, NORTH)
    other = an_act(Assigned("Олена", [name_of(said), "00" * 8]), 2, SOUTH)
    card = fold_card([said, other])
    assert (standing([said, other]), card.assignee.value) == (["answered"], "Олена")


def test_who_is_no_desk_changes_no_card() -> None:
    said = status("answered", 1, NORTH)
    forged = status("closed", 2, SOUTH, [said])._replace(by_desk=False)
    own = an_act(Noted("про себе"), 3, AUTHOR)
    card = fold_card([said, forged, own])
    assert (standing([said, forged, own]), card.notes) == (["answered"], ())


def test_two_desks_that_merge_different_appeals_into_one_keep_both_supporters() -> None:
    main = "ee" * 16
    records = {
        "north": [an_act(Merged(main, []), 1, NORTH)],
        "south": [an_act(Merged(main, []), 1, SOUTH)],
        "undone": [
            first := an_act(Merged(main, []), 1, NORTH),
            an_act(Merged("", [name_of(first)]), 2, NORTH),
        ],
    }
    waiting = {name for name, acts in records.items() if fold_card(acts).merged.value == main}
    assert waiting == {"north", "south"}


def test_a_merge_undone_and_done_at_once_is_shown_to_a_person() -> None:
    first = an_act(Merged(RECORDS[1], []), 1, NORTH)
    undone = an_act(Merged("", [name_of(first)]), 2, NORTH)
    other = an_act(Merged(RECORDS[2], [name_of(first)]), 3, SOUTH)
    card = fold_card([first, undone, other])
    assert [head.value for head in card.merged.heads] == [RECORDS[2], ""]
    assert card.conflicts == ("merged",)


def test_a_longer_term_is_told_in_the_history_and_is_no_status() -> None:
    opening = an_act(OPENED, 1, AUTHOR)
    longer = an_act(Extended("складна справа"), 2, NORTH)
    thread = fold_thread(b"r" * 16, [opening, longer])
    assert thread is not None
    assert (thread.status, [step.status for step in thread.history]) == ("", ["extended"])
    again = an_act(Extended("ще раз"), 4, SOUTH)
    acts = [opening, longer, status("in_progress", 3, SOUTH), again]
    thread = fold_thread(b"r" * 16, acts)
    assert thread is not None
    assert thread.status == "in_progress"
    assert [step.note for step in thread.history] == ["складна справа", "", "ще раз"]
    assert fold_card(acts).extended_at == 2


@pytest.mark.parametrize(
    ("over", "then"), [(["00" * 8], "answered"), ([], "answered"), (None, "registered")]
)
def test_who_enters_an_answered_appeal_again_does_not_open_it_anew(
    over: list[str] | None, then: str
) -> None:
    """To correct the journal, or settle two numbers, says nothing of where the matter stands.

    In the first release it did, and its acts have to mean what they meant.
    """
    opening, first = an_act(OPENED, 1, AUTHOR), an_act(Registered("7", over=[]), 2, NORTH)
    again = an_act(Registered("8", "виправлено", over=over), 4, SOUTH)
    thread = fold_thread(b"r" * 16, [opening, first, status("answered", 3, NORTH), again])
    assert thread is not None
    assert (thread.status, thread.number) == (then, "8")
    assert [step.note for step in thread.history] == ["", "", "виправлено"]
    unanswered = fold_thread(b"r" * 16, [opening, again])
    assert unanswered is not None
    assert unanswered.status == "registered"


def test_notes_and_assignments_are_no_part_of_the_thread() -> None:
    opening = an_act(OPENED, 1, AUTHOR)
    internal = [an_act(Noted("ні"), 2), an_act(Assigned("Олена"), 3), an_act(Merged(""), 4)]
    assert fold_thread(b"r" * 16, [opening, *internal]) == fold_thread(b"r" * 16, [opening])


def test_an_appeal_that_no_desk_has_touched_has_an_empty_card() -> None:
    card = fold_card([an_act(OPENED, 1, AUTHOR)])
    assert (card.registration.value, card.status.value, card.registered_at) == (None, None, None)
    assert (card.notes, card.conflicts, card.status.over) == ((), (), [])
