"""Python's cycle collector, kept quiet where it has nothing to find.

A reply is thousands of small values that live for a moment and form no cycles; a desk's cases are
hundreds of thousands that live for a day and form none either. The collector would go through all
of them again and again: a fifth of the time of a long pull, a quarter of a second at the desk.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Switch the collector off for a moment; counted references are freed as ever."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def kept_for_long() -> None:
    """Say that what there is now stays: the collector does not go through it any more.

    Counted references are freed as ever. What is no longer in use and forms a cycle is kept for
    ever, so this is for the moment after much has been made, and not for every day.
    """
    gc.freeze()
