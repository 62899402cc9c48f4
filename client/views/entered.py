"""What a person enters is the model's at once: no drawing can come between and take it back.

Flet's client tells of a key twice: first what the field holds now, then that it has changed. A
window that is drawn between the two, for an exchange has ended or a notice has come, is drawn from
what the model knew before. That older value is sent to the field, the key is gone, and the second
message finds nothing new. So controls give the function that takes what is entered as `data`, and
it is called with the first message.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final

import flet as ft

log = logging.getLogger(__name__)
ENTERED: Final = ("value", "selected_index")
"""The properties that a person changes: of a field, a list or a switch, and of the bar of rooms."""


def take_at_once(page: ft.Page) -> None:
    """Call each control's `data` with what is entered there, as soon as the client tells of it."""
    session = page.session
    apply = session.apply_patch

    def take(control_id: int, patch: dict[str, Any]) -> None:
        apply(control_id, patch)
        taker = getattr(session.index.get(control_id), "data", None)
        for name in ENTERED:
            if name in patch and callable(taker):
                _give(taker, patch[name])

    session.apply_patch = take  # type: ignore[method-assign]


def _give(taker: Callable[[Any], object], entered: object) -> None:
    """A failure here would end the connection, and with it everything else that was entered."""
    try:
        taker(entered)
    except Exception:
        log.exception("what was entered could not be taken")
