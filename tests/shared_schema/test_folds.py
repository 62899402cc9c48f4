"""Folds give the same state in any order, however often a change arrives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.sealing import QueueKey
from shared_schema.ids import device_id
from shared_schema.records import appeal, news, trust
from shared_schema.records.appeal import Act, fold_thread
from shared_schema.records.news import fold_news
from shared_schema.records.trust import TrustAct, fold_trust
from tests.shared_schema.strategies import news_acts, thread_acts

RECORD = b"r" * 16
AUTHOR, DESK = b"a" * 16, b"x" * 16
OPENED = appeal.Opened("signal", "", "Немає води", "Третій день.", "water")


def act(time: int, payload: appeal.Payload, *, desk: bool = False, device: bytes = b"") -> Act:
    author = device or (DESK if desk else AUTHOR)
    identity = f"{time}{payload}".encode()
    return Act(time, author, time, identity, desk, None, payload)


@given(thread_acts(), st.data())
def test_a_thread_is_the_same_in_any_order_and_with_repeats(
    acts: list[Act], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(acts))
    repeated = [*shuffled, *data.draw(st.lists(st.sampled_from(acts), max_size=5))]
    assert fold_thread(RECORD, repeated) == fold_thread(RECORD, acts)


@given(thread_acts(), st.integers(0, 12))
def test_a_thread_folded_late_equals_one_folded_step_by_step(acts: list[Act], cut: int) -> None:
    early, late = acts[:cut], acts[cut:]
    fold_thread(RECORD, early)  # folding in between changes nothing, because it keeps nothing
    assert fold_thread(RECORD, late + early) == fold_thread(RECORD, acts)


@given(thread_acts())
def test_no_text_of_either_side_is_ever_lost(acts: list[Act]) -> None:
    thread = fold_thread(RECORD, acts)
    assert thread is not None
    kept = {said.id for said in thread.said}
    for each in acts:
        ours = each.by_desk and isinstance(each.payload, appeal.Replied)
        author = not each.by_desk and each.device == thread.opener
        theirs = author and isinstance(each.payload, appeal.Commented)
        if ours or theirs:
            assert each.id in kept


@given(news_acts(), st.data())
def test_a_news_item_is_the_same_in_any_order(
    acts: list[news.NewsAct], data: st.DataObject
) -> None:
    assert fold_news(RECORD, data.draw(st.permutations(acts))) == fold_news(RECORD, acts)


@given(st.permutations(range(6)))
def test_trust_is_the_same_in_any_order(order: list[int]) -> None:
    keys = [f"{number:02x}" * 32 for number in range(3)]
    device = device_id(bytes.fromhex(keys[0])).hex()
    payloads: list[trust.Payload] = [
        trust.Granted(keys[0], "desk", "queue/general"),
        trust.Granted(keys[1], "newsroom", "news"),
        trust.Granted(keys[2], "desk", "queue/general"),
        trust.Revoked(device, "desk", "queue/general", 5),
        trust.Revoked(device, "desk", "queue/general", 3),
        trust.Granted(keys[0], "desk", "queue/general"),
    ]
    acts = [TrustAct(n, b"e" * 16, n + 1, bytes([n]), each) for n, each in enumerate(payloads)]
    folded = fold_trust(acts[number] for number in order)
    assert folded == fold_trust(acts)
    assert folded.role(bytes.fromhex(device), "queue/general", 3) == "desk"
    assert folded.role(bytes.fromhex(device), "queue/general", 4) is None
    assert folded.role(bytes.fromhex(device), "queue/general") is None


@given(st.permutations(range(6)), st.lists(st.integers(0, 5), max_size=4))
def test_the_key_in_force_is_the_same_in_any_order(order: list[int], again: list[int]) -> None:
    card = {"general": QueueKey(1, b"c" * 32)}
    wraps = [trust.Wrap(f"{n:02x}" * 16, f"{n:02x}" * 80) for n in range(6)]
    payloads = [
        trust.Keyed("general", 2, "aa" * 32, wraps[:1]),
        trust.Keyed("general", 2, "bb" * 32, wraps[1:2]),
        trust.Keyed("general", 2, "aa" * 32, wraps[:3]),
        trust.Keyed("general", 1, "bb" * 32, wraps[3:4]),
        trust.Keyed("general", 1, (b"c" * 32).hex(), wraps[4:5]),
        trust.Keyed("roads", 9, "aa" * 32, wraps[5:]),
    ]
    acts = [TrustAct(n, b"e" * 16, n + 1, bytes([n]), each) for n, each in enumerate(payloads)]
    folded = fold_trust((acts[number] for number in [*order, *again]), card)
    assert folded == fold_trust(acts, card)
    assert folded.key_in_force("general") == QueueKey(2, b"\xaa" * 32)
    handed = {number: set(key.wraps) for number, key in folded.keys["general"].items()}
    assert handed == {1: {b"\4" * 16}, 2: {b"\0" * 16, b"\1" * 16, b"\2" * 16}}
    assert set(folded.keys) == {"general"}


def test_without_its_opening_a_thread_waits() -> None:
    assert fold_thread(RECORD, [act(5, appeal.Replied("Їдемо."), desk=True)]) is None
    assert fold_news(RECORD, []) is None


def test_an_amendment_counts_until_the_desk_has_registered() -> None:
    early = act(3, appeal.Amended("Вода є", "Вже полагодили."))
    late = act(9, appeal.Amended("Пізно", "Пізно."))
    acts = [act(1, OPENED), early, act(5, appeal.Registered("7"), desk=True), late]
    thread = fold_thread(RECORD, acts)
    assert thread is not None
    assert (thread.title, thread.amended, thread.number) == ("Вода є", 1, "7")
    assert (thread.status, thread.opened) == ("registered", OPENED)


def test_rival_journal_numbers_are_kept_and_shown() -> None:
    two = [
        act(5, appeal.Registered("1"), desk=True),
        act(6, appeal.Registered("2"), desk=True, device=b"y" * 16),
    ]
    thread = fold_thread(RECORD, [act(1, OPENED), *two])
    assert thread is not None
    assert (thread.number, thread.rivals) == ("2", ("1",))


def test_words_of_strangers_do_not_enter_a_thread() -> None:
    stranger = b"z" * 16
    acts = [
        act(1, OPENED),
        act(2, appeal.Commented("Чуже"), device=stranger),
        act(3, appeal.Withdrawn(), device=stranger),
        act(4, appeal.Amended("Чуже", "Чуже"), device=stranger),
    ]
    thread = fold_thread(RECORD, acts)
    assert thread is not None
    assert (thread.said, thread.withdrawn, thread.title) == ((), False, "Немає води")


def test_a_withdrawn_appeal_keeps_its_history_and_replies() -> None:
    acts = [
        act(1, OPENED),
        act(2, appeal.Registered("1"), desk=True),
        act(3, appeal.Withdrawn("Вже не треба")),
        act(4, appeal.Replied("Дякуємо, що повідомили."), desk=True),
        act(5, appeal.StatusSet("closed"), desk=True),
    ]
    thread = fold_thread(RECORD, acts)
    assert thread is not None
    assert thread.withdrawn
    assert [step.status for step in thread.history] == ["registered", "closed"]
    assert [said.text for said in thread.said] == ["Дякуємо, що повідомили."]


def test_a_corrected_and_withdrawn_item_says_both() -> None:
    first = news.NewsAct(1, b"n" * 16, 1, b"1", news.Published("А", "а"))
    fixed = news.NewsAct(2, b"n" * 16, 2, b"2", news.Corrected("Б", "б"))
    gone = news.NewsAct(3, b"n" * 16, 3, b"3", news.NewsWithdrawn("Помилка"))
    item = fold_news(RECORD, [gone, fixed, first])
    assert item is not None
    assert (item.wording.title, item.corrections, item.withdrawn) == ("Б", 1, True)
    assert (item.note, item.published_at, item.changed_at) == ("Помилка", 1, 3)
