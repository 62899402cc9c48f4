"""Is everything on the screen whole? Judged from the rectangles that screen readers are given.

Four things are looked for: what sticks out of the window or is cut at its side, what lies on
something else, what is too small for a thumb, and what can be tapped but has no name. Flutter cuts
these rectangles at the edges of what scrolls, so a room is judged in a window tall enough for all
of it (`walk.whole_room`), and in its true window step by step (`scrolled`), under its bars.

What rectangles cannot show is left to eyes and the contact sheets: letters cut inside of their own
box, an ellipsis, a word that broke in its middle. Text that is no node of its own (Flutter gives it
to the group around it) has no rectangle and is not compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final, NamedTuple

from playwright.sync_api import Page

TOUCH_PX: Final = 48
SLACK_PX: Final = 2
STEPS_MAX: Final = 60


class Box(NamedTuple):
    """A rectangle in pixels of the window."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def within(self, other: Box) -> Box:
        """What of it lies in the other; turned inside out when nothing does."""
        return Box(
            max(self.left, other.left), max(self.top, other.top),
            min(self.right, other.right), min(self.bottom, other.bottom),
        )  # fmt: skip

    @property
    def some(self) -> bool:
        """Whether there is enough of it to be seen."""
        return self.width > SLACK_PX and self.height > SLACK_PX


class Node(NamedTuple):
    """A node of the tree for screen readers, in the tree's order."""

    parent: int
    """The place of its parent in the list, or -1."""
    name: str
    """What is said of it."""
    key: str
    """What the app calls it."""
    tappable: bool
    box: Box
    scrolls: str = ""
    """`x` or `y`."""


def read(page: Page) -> list[Node]:
    """The tree as it is now."""
    return [
        Node(parent, name, key, tappable, Box(*box), scrolls)
        for parent, name, key, tappable, box, scrolls in page.evaluate(_READ)
    ]


def faults(nodes: Sequence[Node], window: tuple[int, int]) -> list[str]:
    """Everything that is wrong, in words."""
    seen = _Seen(nodes, window)
    return [*seen.sideways(), *seen.overlaps(), *seen.small(), *seen.nameless()]


def scrolled(page: Page) -> list[str]:
    """The faults of a room in its true window, from its top to its end in steps."""
    size = page.viewport_size
    assert size is not None
    page.mouse.move(size["width"] * 0.75, size["height"] * 0.65)
    found: dict[str, None] = {}
    before: list[Node] = []
    for _ in range(STEPS_MAX):
        nodes = read(page)
        if nodes == before:
            return list(found)
        found |= dict.fromkeys(faults(nodes, (size["width"], size["height"])))
        before = nodes
        page.mouse.wheel(0, size["height"] * 0.4)
        still(page)
    return [*found, f"the room did not end after {STEPS_MAX} steps"]


def still(page: Page) -> None:
    """Wait until the tree stands still."""
    before: list[Node] = []
    for _ in range(40):
        page.wait_for_timeout(90)
        nodes = read(page)
        if nodes and nodes == before:
            return
        before = nodes


class _Seen:
    """A tree with what of each node can be seen."""

    def __init__(self, nodes: Sequence[Node], window: tuple[int, int]) -> None:
        self.nodes = nodes
        self.window = Box(0, 0, *window)
        self.boxes = [self._clipped(node) for node in nodes]
        self.parents = {node.parent for node in nodes}

    def sideways(self) -> list[str]:
        """What sticks out, or ends exactly at a side of the window while it scrolls: it is cut."""
        found = []
        for at, node in enumerate(self.nodes):
            if not (node.name or node.tappable) or self._scroller(at, "x") is not None:
                continue
            if node.box.left < -1 or node.box.right > self.window.right + 1:
                found.append(f"sticks out sideways: {_told(node)}")
            elif at not in self.parents and self._scroller(at, "y") and self._at_a_side(node.box):
                found.append(f"is cut at the side: {_told(node)}")
        return found

    def _at_a_side(self, box: Box) -> bool:
        return box.left < 1 or box.right > self.window.right - 1

    def overlaps(self) -> list[str]:
        """Leaves that say something and lie on each other."""
        said = [
            (node, self.boxes[at])
            for at, node in enumerate(self.nodes)
            if node.name and at not in self.parents and self.boxes[at].some
        ]
        return [
            f"lies on {_told(one)}: {_told(other)}"
            for (one, here), (other, there) in combinations(said, 2)
            if here.within(there).some
        ]

    def small(self) -> list[str]:
        """Targets that a thumb misses; what is half scrolled away is not judged."""
        found = []
        for at, node in enumerate(self.nodes):
            if not node.tappable or not self._is_whole(at):
                continue
            if min(node.box.width, node.box.height) < TOUCH_PX - 0.5:
                size = f"{node.box.width:.0f}x{node.box.height:.0f}"
                found.append(f"too small for a thumb ({size}): {self.named(at) or _told(node)}")
        return found

    def nameless(self) -> list[str]:
        """What can be tapped and says nothing."""
        return [
            f"has no name: {_told(node)}"
            for at, node in enumerate(self.nodes)
            if node.tappable and not node.name.strip() and not self._has_named_part(at)
        ]

    def named(self, at: int) -> str:
        """The name of a node, or of the nearest one around it that has one."""
        while at >= 0:
            if self.nodes[at].name:
                return self.nodes[at].name
            at = self.nodes[at].parent
        return ""

    def _has_named_part(self, at: int) -> bool:
        return any(node.parent == at and node.name.strip() for node in self.nodes)

    def _scroller(self, at: int, way: str) -> Node | None:
        at = self.nodes[at].parent
        while at >= 0:
            if self.nodes[at].scrolls == way:
                return self.nodes[at]
            at = self.nodes[at].parent
        return None

    def _clipped(self, node: Node) -> Box:
        box, at = node.box.within(self.window), node.parent
        while at >= 0:
            if self.nodes[at].scrolls:
                box = box.within(self.nodes[at].box)
            at = self.nodes[at].parent
        return box

    def _is_whole(self, at: int) -> bool:
        """Whether no edge of what scrolls touches it."""
        box, node = self.boxes[at], self.nodes[at]
        if box != node.box.within(self.window) or not box.some:
            return False
        for way, low, high in (("x", 0, 2), ("y", 1, 3)):
            around = self._scroller(at, way)
            if around and (box[low] <= around.box[low] + 1 or box[high] >= around.box[high] - 1):
                return False
        return True


def _told(node: Node) -> str:
    box = ", ".join(f"{side:.0f}" for side in node.box)
    words = node.name.replace("\n", " / ")[:60]
    return f"{node.key or 'a node'} «{words}» ({box})"


_READ: Final = """() => {
  const found = [], at = new Map();
  const own = (e) => {
    let said = e.getAttribute('aria-label') || '';
    for (const c of e.childNodes) {
      const kind = c.nodeType === 3 ? 'TEXT' : c.tagName;
      if (['TEXT', 'SPAN', 'A'].includes(kind)) said += ' ' + c.textContent;
      if (['INPUT', 'TEXTAREA'].includes(kind))
        said += ' ' + (c.getAttribute('aria-label') || c.placeholder || '') + ' ' + c.value;
    }
    return said.trim();
  };
  const way = (e) => {
    const flows = [e.style.overflowX, e.style.overflowY].map(each => /scroll|hidden/.test(each));
    if (!flows[0] && !flows[1]) return '';
    const extent = e.querySelector(':scope > flt-semantics-scroll-overflow');
    if (extent) return extent.clientWidth > extent.clientHeight ? 'x' : 'y';
    return flows[1] ? 'y' : 'x';
  };
  const every = '[id^=flt-semantic-node]';
  for (const e of document.querySelectorAll(every)) {
    const up = e.parentElement.closest(every);
    const b = e.getBoundingClientRect();
    const role = e.getAttribute('role') || '';
    const tap = e.hasAttribute('flt-tappable') || ['button', 'tab', 'switch'].includes(role)
      || [...e.children].some(c => ['INPUT', 'TEXTAREA'].includes(c.tagName));
    at.set(e, found.length);
    found.push([up ? at.get(up) : -1, own(e), e.getAttribute('flt-semantics-identifier') || '',
                tap, [b.left, b.top, b.right, b.bottom], way(e)]);
  }
  return found;
}"""
