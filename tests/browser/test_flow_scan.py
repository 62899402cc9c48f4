"""The camera in a real browser: Chromium plays a film of codes as its camera; the app reads it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from client.services.appeals import Appeals
from client.services.courier.beside import PART_BYTES
from client.services.courier.courier import Courier
from client.services.doorstep.doorstep import Doorstep
from client.services.notes import Notes
from shared_schema.crypto.slip import Slip
from shared_schema.records.appeal import Opened
from shared_schema.sync.frames import Splitter
from tests import eye
from tests.browser.acts import SMALL, reach, reads, says, tap
from tests.browser.chromium import chromium, named, shot, wake_semantics
from tests.browser.film import before, filmed
from tests.browser.test_flow_rest import _COUNT, FRAMES_MAX, frames_at_rest
from tests.browser.town import Town

pytestmark = pytest.mark.browser
SAID: Final = "Тече дах над третім поверхом, стеля вже мокра."
READ_MS: Final = 60_000
_CAMERAS: Final = """() => [...document.querySelectorAll('video')].filter(
    video => video.srcObject && video.srcObject.getTracks().some(
        track => track.readyState === 'live')).length"""


@pytest.fixture(autouse=True)
def _zbar() -> None:
    eye.need_zbar()


@contextmanager
def looking(city: Town, name: str, room: str, arguments: Sequence[str]) -> Iterator[Page]:
    """A phone with this camera, in a room."""
    city.app(name).start()
    with chromium(arguments) as browser:
        size = {"width": SMALL[0], "height": SMALL[1]}
        page = browser.new_page(viewport=size, locale="uk-UA", reduced_motion="reduce")
        page.add_init_script(_COUNT)
        page.goto(f"{city.app(name).url}/{room}")
        wake_semantics(page)
        reach(page, "scan-open")
        yield page


def collected(city: Town) -> Slip:
    """The slip of an appeal that a volunteer has taken."""
    with city.device("volunteer") as (replica, exchange):
        doorstep = Doorstep(Courier(replica), Notes(replica), exchange.transport)
        taken = doorstep.collect(Opened("signal", "", "Дах", SAID, "housing", "Садова, 5"))
        doorstep.handed(taken)  # else the app would begin by showing it again
        doorstep.close()
    return taken.slip


def handed(city: Town, words: int) -> bytes:
    """What a neighbour shows: a bundle with an appeal of so many words that nothing makes short."""
    dice = random.Random(9)
    text = " ".join("".join(dice.choices("абвгдежзийклмнопрст", k=7)) for _ in range(words))
    with city.device("neighbour") as (replica, _):
        Appeals(replica).file(Opened("signal", "", "Яма", text, "roads", "Садова"))
        (raw,) = Courier(replica).give(PART_BYTES, public=False)
    return raw


def two_thirds(splitter: Splitter) -> list[str]:
    """What a camera gets of a sequence in good light: about 30 % of the frames are lost."""
    dice = random.Random(4)
    numbers = [number for number in range(2 * splitter.needed) if dice.random() > 0.3]
    assert set(numbers) != set(range(len(numbers)))
    return [splitter.text(number) for number in numbers]


def is_off(page: Page) -> None:
    """Nothing films any more, nothing is drawn, and scanning can begin anew."""
    expect(named(page, "scan-preview")).to_have_count(0)
    page.wait_for_function(f"({_CAMERAS})() === 0")
    assert frames_at_rest(page) <= FRAMES_MAX


def test_a_slip_held_before_the_camera_opens_its_thread(city: Town, tmp_path: Path) -> None:
    slip = collected(city)
    film = filmed(tmp_path / "film.y4m", ["", "https://example.org", "", slip.qr])
    with looking(city, "volunteer", "claim", before(film)) as page:
        tap(page, "scan-open")
        expect(reads(page, "thread-state", "Чекає на цьому пристрої")).to_be_attached()
        expect(says(page, SAID)).to_be_attached()
        page.wait_for_function(f"({_CAMERAS})() === 0")


def test_a_sequence_with_a_third_lost_comes_whole_while_the_bar_fills(
    city: Town, tmp_path: Path
) -> None:
    splitter = Splitter(handed(city, 1200))
    assert splitter.needed > 20
    film = filmed(tmp_path / "film.y4m", two_thirds(splitter))
    with looking(city, "resident", "beside", before(film)) as page:
        tap(page, "scan-open")
        expect(named(page, "scan-progress")).to_be_attached(timeout=READ_MS)
        reach(page, "scan-progress")
        page.wait_for_function(f"({_CAMERAS})() === 1")
        shot(page, "scan-progress")
        expect(reads(page, "beside-done", "Узято 1 передачу від інших.")).to_be_attached(
            timeout=READ_MS
        )
        is_off(page)


def test_leaving_the_room_turns_the_camera_off(city: Town, tmp_path: Path) -> None:
    film = filmed(tmp_path / "film.y4m", ["", ""])
    with looking(city, "resident", "beside", before(film)) as page:
        tap(page, "scan-open")
        page.wait_for_function(f"({_CAMERAS})() === 1")
        named(page, "back").first.click()
        page.wait_for_function(f"({_CAMERAS})() === 0")


def test_a_person_who_does_not_allow_the_camera_is_told_what_to_do(city: Town) -> None:
    with looking(city, "resident", "claim", ["--use-fake-device-for-media-stream"]) as page:
        tap(page, "scan-open")
        expect(reads(page, "scan-problem", "Дозвольте її в налаштуваннях")).to_be_attached()
        reach(page, "claim-words")
        shot(page, "scan-denied")


def test_a_device_without_a_camera_is_told_to_type(city: Town) -> None:
    with looking(city, "resident", "claim", ["--use-fake-ui-for-media-stream"]) as page:
        tap(page, "scan-open")
        expect(reads(page, "scan-problem", "Введіть код текстом")).to_be_attached()
