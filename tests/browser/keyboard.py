"""A person without a mouse: Tab, arrows, Enter and Space, and what each stop on the way must have.

Every control that the keyboard gets to has a name for screen readers, and is seen to be where one
is: its picture changes when the keyboard goes on (one of each family is looked at). Words that can
be copied are stops too, without a ring, and with a step before them that nothing shows (Flutter's
`SelectionArea`); they only need their words.
"""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageChops
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.chromium import shot

STOPS_MAX: Final = 90
SETTLE_MS: Final = 120
"""A ring grows in less than this time."""
_MOVE_MS: Final = 400
_ARRIVE_MS: Final = 2_000
"""A page that scrolls to a control has it in its tree a little later."""
_AROUND_PX: Final = 4
_SEEN_LEVELS: Final = 24
"""How much lighter or darker (of 255) a point must become to be seen to change."""
_SEEN_SHARE: Final = 0.02
_WHERE: Final = """() => {
    const e = document.activeElement, own = e.closest('[flt-semantics-identifier]');
    const box = e.getBoundingClientRect();
    return {
        key: e.id || (own ? own.id : e.tagName),
        role: e.getAttribute('role') || e.tagName.toLowerCase(),
        name: e.getAttribute('aria-label') || (e.tabIndex >= 0 && e.role ? e.innerText : ''),
        id: own ? own.getAttribute('flt-semantics-identifier') : '',
        box: [box.left, box.top, box.right, box.bottom].map(Math.round),
    };
}"""

_NOWHERE: Final = ("body", "flutter-view")
_SOMEWHERE: Final = f"() => !{list(_NOWHERE)}.includes(document.activeElement.localName)"
_BOX: Final = """key => {
    const box = document.getElementById(key)?.getBoundingClientRect();
    return box ? [box.left, box.top, box.right, box.bottom].map(Math.round) : [];
}"""


@dataclass(frozen=True)
class Stop:
    """Where the keyboard is."""

    key: str
    role: str
    name: str
    id: str
    box: tuple[int, int, int, int]

    @property
    def family(self) -> str:
        """Whose look it shares: the buttons of one choice, the rooms of the rail."""
        return self.id.rsplit("-", 1)[0] or self.role

    @property
    def is_text(self) -> bool:
        """Words that can be copied, and nothing that can be done."""
        return self.role == "group"


class Keyboard:
    """The keyboard of one page, at a size at which nothing scrolls sideways."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.looked: dict[str, bool] = {}
        """Whether one of a family was seen to have the keyboard."""
        self._picture: Image.Image | None = None
        """How the page looks now, if that is known."""

    def at(self) -> Stop:
        """Where it is now."""
        found: dict[str, Any] = self.page.evaluate(_WHERE)
        return Stop(**{**found, "box": tuple(found["box"])})

    def press(self, key: str) -> None:
        """Press a key, and give the app the time to take it."""
        self.page.keyboard.press(key)
        self.page.wait_for_timeout(SETTLE_MS)
        self._picture = None

    def type(self, text: str) -> None:
        """Type into the field that the keyboard is at."""
        self.page.keyboard.type(text)
        self.page.wait_for_timeout(SETTLE_MS)
        self._picture = None

    def to(self, wanted: str, key: str = "Tab") -> Stop:
        """Go on until a control of this identifier, or one whose name begins so.

        Over the end of a page that has scrolled and on to its top the keyboard goes out of sight:
        Flutter scrolls forwards for Tab and backwards for Shift+Tab. So a person turns round there.
        """
        for _ in range(STOPS_MAX):
            stop = self.step(key)
            if stop.id.startswith(wanted) or stop.name.startswith(wanted):
                return stop
        raise AssertionError(
            f"the keyboard does not get to {wanted}: {shot(self.page, 'not-reached')}"
        )

    def step(self, key: str) -> Stop:
        """One stop further; the one that is left is looked at, if it is the first of its family."""
        before = self.at()
        fresh = before.family not in self.looked and not before.is_text
        here = self._picture or (self._shoot() if fresh else None)
        self.page.keyboard.press(key)
        self._wait(f"key => ({_WHERE})().key !== key", before.key, _MOVE_MS)
        self._wait(_SOMEWHERE, None, _ARRIVE_MS)
        stop = self.at()
        if stop.role in _NOWHERE:  # what it was at was drawn anew; begin at the top
            self.page.keyboard.press(key)
            self._wait(_SOMEWHERE, None, _ARRIVE_MS)
            stop = self.at()
        assert stop.name.strip(), f"no name: {stop}, after {before}; {shot(self.page, 'no-name')}"
        assert self._is_in_sight(stop), f"out of sight: {stop}; {shot(self.page, 'no-sight')}"
        if stop.key == before.key:
            self._picture = here  # the step that nothing shows: the last picture is the true one
            return stop
        self._picture = self._shoot() if fresh or stop.family not in self.looked else None
        if fresh and here and self._picture:
            self._compare(before, here, self._picture)
        return stop

    def _wait(self, true: str, given: str | None, most_ms: int) -> None:
        with contextlib.suppress(PlaywrightTimeout):
            self.page.wait_for_function(true, arg=given, timeout=most_ms)

    def _compare(self, left: Stop, here: Image.Image, gone: Image.Image) -> None:
        """With the keyboard and without it, where the page has not scrolled on."""
        if self.page.evaluate(_BOX, left.key) == list(left.box):
            around = (left.box[0] - _AROUND_PX, left.box[1] - _AROUND_PX,
                      left.box[2] + _AROUND_PX, left.box[3] + _AROUND_PX)  # fmt: skip
            seen = differs(here.crop(around), gone.crop(around))
            self.looked.setdefault(left.family, seen)

    def _is_in_sight(self, stop: Stop) -> bool:
        size = self.page.viewport_size or {"width": 0, "height": 0}
        return stop.box[3] > 0 and stop.box[1] < size["height"]

    def _shoot(self) -> Image.Image:
        self.page.wait_for_timeout(SETTLE_MS)
        taken = self.page.screenshot(type="jpeg", quality=90)
        return Image.open(io.BytesIO(taken)).convert("L")


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether a person sees that something has changed."""
    changed = ImageChops.difference(one, other).histogram()[_SEEN_LEVELS:]
    return sum(changed) > _SEEN_SHARE * one.width * one.height
