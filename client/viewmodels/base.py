"""What the models of all rooms share: how long a page is, what is being typed, honest failures."""

from __future__ import annotations

import functools
import logging
import weakref
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, Protocol, TypeVar

from shared_schema.errors import MistoError

if TYPE_CHECKING:
    from client.viewmodels.app import App

log = logging.getLogger(__name__)
P = ParamSpec("P")
PAGE: Final = 30
"""Rows asked for at a time. Python builds each in a millisecond, again at each key of a search."""

NOTICES: Final = {
    "storage_full": "trouble.full",
    "bad_payload": "trouble.payload",
    "unknown_record": "trouble.not_found",
    "not_allowed": "trouble.not_allowed",
    "second_person": "trouble.second_person",
    "too_late": "trouble.too_late",
    "too_early": "trouble.too_early",
    "wrong_passphrase": "trouble.wrong_passphrase",
    "passphrase_too_short": "trouble.passphrase_too_short",
    "backup_damaged": "trouble.backup_damaged",
    "backup_newer": "trouble.backup_newer",
    "backup_too_large": "trouble.backup_damaged",
    "other_city": "trouble.other_city",
    "slip_count": "claim.bad_count",
    "slip_check": "claim.bad_check",
    "slip_word": "claim.bad_word",
    "no_room": "trouble.no_room",
    "pin_too_short": "trouble.pin_too_short",
    "unreachable": "trouble.nobody_there",
    "wrong_peer": "trouble.wrong_peer",
    "server_refused": "trouble.neighbour_refused",
    "not_a_lan_address": "trouble.no_address",
    "no_local_network": "trouble.no_local_network",
    "cannot_serve": "trouble.cannot_open",
    "malformed": "trouble.not_a_bundle",
    "too_large": "trouble.not_a_bundle",
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


def once(act: Act[M, P]) -> Act[M, P]:
    """An act that a second, impatient tap does not begin again while the first one goes on."""
    going: weakref.WeakSet[HasApp] = weakref.WeakSet()

    @functools.wraps(act)
    async def guarded(self: M, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if self in going:
            return
        going.add(self)
        try:
            await act(self, *args, **kwargs)
        finally:
            going.discard(self)

    return guarded


def notice_for(error: Exception) -> str:
    """The key of the text that says what went wrong and what to do."""
    return notice_of(error.code if isinstance(error, MistoError) else "")


def notice_of(code: str) -> str:
    """The same, for an error's code."""
    return NOTICES.get(code, "trouble.action")
