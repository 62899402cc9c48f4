"""The focus that is sent to a field: it arrives late, a browser takes it away, a person leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest

from client.viewmodels import keyboard
from client.viewmodels.keyboard import PAUSES, TRIES, Keyboard

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def steps() -> Iterator[list[int]]:
    """Each look for the focus takes one turn of the loop; how many there were."""
    looks = [0]
    sleep = asyncio.sleep

    async def turn(seconds: float) -> None:
        looks[0] += 1
        await sleep(0)

    with patch.object(keyboard, "asyncio", SimpleNamespace(sleep=turn, timeout=asyncio.timeout)):
        yield looks


def a_keyboard(on_focus: Callable[[], None]) -> tuple[Keyboard, list[asyncio.Task[Any]]]:
    """With one field, `reply`."""
    tasks: list[asyncio.Task[Any]] = []
    app: Any = SimpleNamespace(spawn=lambda act: tasks.append(asyncio.ensure_future(act)))
    keys = Keyboard(app)

    async def focus() -> None:
        on_focus()

    keys.place("reply", focus)
    return keys, tasks


async def test_a_lost_focus_is_not_asked_back_within_the_same_frame(steps: list[int]) -> None:
    asked: list[int] = []

    def arrives_and_is_taken_once() -> None:
        asked.append(steps[0])
        keys.take("reply")
        if len(asked) == 1:
            keys.give_back("reply")

    keys, tasks = a_keyboard(arrives_and_is_taken_once)
    keys.send("reply")
    await asyncio.gather(*tasks)
    assert len(asked) == 2
    assert asked[1] - asked[0] > PAUSES
    assert keys.taken_by == "reply"


async def test_letters_are_no_commands_while_the_focus_is_lost_for_a_moment() -> None:
    def arrives_and_is_taken() -> None:
        keys.take("reply")
        keys.give_back("reply")
        assert keys.taken_by == "reply"

    keys, tasks = a_keyboard(arrives_and_is_taken)
    keys.send("reply")
    await asyncio.gather(*tasks)
    assert keys.taken_by == "", "a field that never keeps the focus gives the keys back in the end"


async def test_a_field_that_is_drawn_late_gets_the_focus_at_once_then(steps: list[int]) -> None:
    came: list[int] = []

    def drawn_at_the_tenth_look() -> None:
        if steps[0] < TRIES // 2:
            raise RuntimeError("not on the screen")
        came.append(steps[0])
        keys.take("reply")

    keys, tasks = a_keyboard(drawn_at_the_tenth_look)
    keys.send("reply")
    await asyncio.gather(*tasks)
    assert came == [TRIES // 2]


async def test_a_person_who_leaves_is_not_brought_back(steps: list[int]) -> None:
    asked: list[int] = []

    def arrives_and_escape_is_pressed() -> None:
        asked.append(steps[0])
        keys.take("reply")
        keys.gone()

    keys, tasks = a_keyboard(arrives_and_escape_is_pressed)
    keys.send("reply")
    await asyncio.gather(*tasks)
    assert len(asked) == 1
    assert keys.taken_by == ""
