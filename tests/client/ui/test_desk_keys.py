"""The desk's keys: what they do, and that they do nothing while somebody writes."""

from __future__ import annotations

import pytest

from client.viewmodels.desk.keys import COMMANDS, SHOWN, command_of
from tests.client.ui.desk_screens import a_desk
from tests.client.ui.fake_office import ME
from tests.client.ui.headless import Window, window

pytestmark = pytest.mark.anyio


def in_hand(screen: Window) -> str:
    """The record of the row in hand."""
    row = screen.app.queue.table.row
    return row.case.record if row else ""


@pytest.mark.parametrize(("down", "up"), [("J", "K"), ("О", "Л"), ("Arrow Down", "Arrow Up")])
async def test_keys_walk_through_the_rows_in_any_layout(down: str, up: str) -> None:
    async with window(a_desk(), width=1280) as screen:
        assert in_hand(screen) == ""
        await screen.press(down)
        await screen.press(down)
        assert in_hand(screen) == "a1"
        await screen.press(up)
        await screen.press(up)
        assert in_hand(screen) == "a3", "above the first row there is nothing"


@pytest.mark.parametrize("key", ["Enter", "O", "Щ"])
async def test_the_row_in_hand_opens_and_the_next_one_follows(key: str) -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.press("J")
        await screen.press(key)
        await screen.until(lambda: screen.has("thread-title"))
        assert screen.app.record == "a3"
        assert "1 з 10" in screen.texts()
        await screen.press("J")
        await screen.until(lambda: screen.app.queue.folder.record == "a1")
        await screen.press("Escape")
        assert screen.app.record == ""
        assert in_hand(screen) == "a1"


async def test_walking_down_goes_on_to_the_next_page_and_back() -> None:
    async with window(a_desk(more=60), width=1280) as screen:
        screen.app.queue.table.hand.at = 49
        await screen.press("J")
        assert screen.app.queue.table.offset == 50
        assert screen.app.queue.table.hand.at == 0
        await screen.press("K")
        assert screen.app.queue.table.offset == 0
        assert screen.app.queue.table.hand.at == 49


async def test_a_key_is_taken_to_me_and_the_resident_hears_nothing() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await screen.press("J")
        await screen.press("A")
        assert device.office.case("a3").assignee == ME
        assert device.office.acts == [("assign", ME)]
        await screen.press("Enter")
        await screen.press("J")
        await screen.until(lambda: screen.app.queue.folder.record == "a1")
        await screen.press("Ф")
        await screen.until(lambda: device.office.case("a1").assignee == ME)


async def test_marked_rows_are_assigned_after_a_question() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        for key in ("J", "X", "J", "Ч"):
            await screen.press(key)
        await screen.press("A")
        assert f"Призначити 2 звернення: {ME}?" in screen.texts()
        assert device.office.acts == []
        await screen.click("bulk-yes")
        await screen.until(lambda: screen.has("bulk-done"))
        assert {device.office.case(each).assignee for each in ("a3", "a1")} == {ME}


async def test_r_opens_the_reply_with_the_focus_in_it() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.press("J")
        await screen.press("R")
        await screen.until(lambda: screen.has("desk-reply-text"))
        await screen.until(lambda: ("focus", None) in screen.connection.invoked)
        await screen.press("J")
        assert screen.app.record == "a3", (
            "letters are words already, also before the focus is there"
        )
        await screen.press("Escape")
        await screen.press("Escape")
        await screen.click("appeal-a1")
        before = len(screen.connection.invoked)
        await screen.press("R")
        await screen.focus("desk-reply-text")
        assert screen.connection.invoked[before] == ("focus", None)


async def test_a_letter_that_is_typed_is_no_command() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await screen.focus("queue-search")
        for key in ("J", "A", "X", "Enter", "?", "Tab"):
            await screen.press(key)
        assert in_hand(screen) == ""
        assert not screen.has("keys")
        await screen.focus("queue-search", on=False)
        await screen.press("J")
        assert in_hand(screen) == "a3"


async def test_a_key_in_an_open_menu_is_no_command() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.click("queue-filters")
        menu = screen.named("filter-category")
        await screen.fire(menu, "open")
        await screen.press("Arrow Down")
        assert in_hand(screen) == ""
        await screen.fire(menu, "cancel")
        await screen.press("Arrow Down")
        assert in_hand(screen) == "a3"
        await screen.choose("filter-category", "water")
        await screen.press("J")
        assert in_hand(screen) == "a3", "choosing closes the menu"


@pytest.mark.parametrize("name", ["desk-reply-text", "desk-note-text", "register-number",
                                  "merge-number"])  # fmt: skip
async def test_a_field_of_an_appeal_keeps_the_keys(name: str) -> None:
    device = a_desk()
    async with window(device, width=1280, route="/queue/a1") as screen:
        await screen.focus(name)
        for key in ("A", "J", "R"):
            await screen.press(key)
        assert device.office.acts == []
        assert screen.app.record == "a1"


async def test_a_field_that_left_the_screen_with_the_focus_gives_the_keys_back() -> None:
    async with window(a_desk(), width=1280, route="/queue/a1") as screen:
        await screen.choose("desk-status", "returned")
        await screen.focus("ask-words")
        await screen.click("ask-no")
        assert not screen.has("ask-words")
        await screen.press("Escape")
        assert screen.app.record == ""
        await screen.click("appeal-a1")
        await screen.focus("desk-note-text")
        await screen.click("desk-back")
        await screen.press("J")
        assert in_hand(screen) != ""


async def test_escape_leads_out_of_a_field_first() -> None:
    async with window(a_desk(), width=1280, route="/queue/a1") as screen:
        await screen.focus("desk-reply-text")
        await screen.press("Escape")
        assert screen.app.record == "a1"
        assert screen.connection.invoked[-1][0] == "focus", "the focus is sent away"
        await screen.focus("desk-reply-text", on=False)
        await screen.choose("desk-status", "returned")
        await screen.press("Escape")
        assert not screen.has("ask-words")
        await screen.press("Escape")
        assert screen.app.record == ""


async def test_enter_belongs_to_a_button_that_tab_has_reached() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.press("J")
        await screen.press("Tab")
        await screen.press("Enter")
        assert screen.app.record == ""
        await screen.press("K")
        await screen.press("Enter")
        assert screen.app.record == "a3"


async def test_keys_with_ctrl_are_the_browser_s() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        await screen.press("J")
        await screen.press("A", ctrl=True)
        await screen.press("R", ctrl=True)
        assert device.office.acts == []
        assert screen.app.record == ""


async def test_in_another_room_the_desk_s_keys_do_nothing() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.go("news")
        await screen.press("J")
        await screen.press("?")
        await screen.go("queue")
        assert in_hand(screen) == ""
        assert not screen.has("keys")


@pytest.mark.parametrize(("key", "shift"), [("?", False), ("/", True), (",", True)])
async def test_the_list_of_keys_comes_and_goes(key: str, shift: bool) -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.press(key, shift=shift)
        assert all(SHOWN[command] in screen.texts() for command in COMMANDS)
        await screen.press("Escape")
        assert not screen.has("keys")


async def test_escape_lets_marks_go_step_by_step() -> None:
    async with window(a_desk(), width=1280) as screen:
        for key in ("J", "X"):
            await screen.press(key)
        await screen.click("bulk-status")
        await screen.press("Escape")
        assert not screen.has("bulk-next")
        assert screen.has("bulk-none")
        await screen.press("Escape")
        assert not screen.has("bulk-none")
        await screen.press("Escape")
        assert in_hand(screen) == ""


async def test_the_search_gets_the_focus() -> None:
    async with window(a_desk(), width=1280) as screen:
        before = len(screen.connection.invoked)
        await screen.press(".")
        await screen.focus("queue-search")
        assert screen.connection.invoked[before] == ("focus", None)


def test_every_command_has_a_key_and_strange_ones_have_none() -> None:
    assert {command_of(key) for key in ("J", "K", "O", "Escape", "A", "R", "X", "/", "?")} == {
        *COMMANDS
    }
    assert command_of("Q") is None
    assert command_of(",") is None
