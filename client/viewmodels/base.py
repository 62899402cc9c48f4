"""What the models of all rooms share: how long a page is, what is being typed, honest failures."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from shared_schema.errors import MistoError

if TYPE_CHECKING:
    from client.viewmodels.app import App

log = logging.getLogger(__name__)
P = ParamSpec("P")
PAGE: Final = 50
"""Rows asked for at a time: Python builds every row of a list, so a thousand would be felt."""

NOTICES: Final = {
    "storage_full": "trouble.full",
    "bad_payload": "trouble.payload",
    "unknown_record": "trouble.not_found",
    "not_allowed": "trouble.not_allowed",
    "too_late": "trouble.too_late",
}
"""What a person is told, by the error's code."""


class HasApp(Protocol):
    """A model of a window."""

    @property
    def app(self) -> App: ...


class Typed:
    """What is being typed into a field.

    Not observable, on purpose: a re-render at each key would race with the next key.
    """

    def __init__(self, text: str = "") -> None:
        self.text = text


M = TypeVar("M", bound=HasApp)
Act = Callable[Concatenate[M, P], Coroutine[Any, Any, None]]


def told(act: Act[M, P]) -> Act[M, P]:
    """An act whose failure the person is told of, in the window's notice, and the log in full.

    An exception that leaves a Flet handler replaces the whole app by a red page.
    """

    @functools.wraps(act)
    async def guarded(self: M, /, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await act(self, *args, **kwargs)
        except Exception as error:
            log.exception("%s failed", getattr(act, "__qualname__", act))
            self.app.notice = notice_for(error)

    return guarded


def notice_for(error: Exception) -> str:
    """The key of the text that says what went wrong and what to do."""
    code = error.code if isinstance(error, MistoError) else ""
    return NOTICES.get(code, "trouble.action")
