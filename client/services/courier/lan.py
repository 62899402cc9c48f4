"""Handing over between neighbours on a local network: what one has for what the other has.

Either side may be a courier, a resident or a desk; both give all that a courier gives and take all
that it takes. What was handed to a neighbour is on its way, and no more than that: only a receipt
of the city says that it has arrived.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from typing import Final

from client.services.courier.courier import Courier
from client.services.courier.types import Refused, Taken
from client.transports.http import Unreachable
from client.transports.lan import LanAnswer, LanVisit
from client.transports.lan_discovery import announced, own_addresses
from client.transports.lan_server import serving
from shared_schema.errors import MistoError, ProtocolError
from shared_schema.limits import LAN_POSTS_MAX
from shared_schema.sync.lan_address import LanAddress

PART_BYTES: Final = 512 * 1024
"""Bundles are split to this: on a link that keeps breaking, each of them is one step."""
PORT: Final = 8312
_NO_ROOM: Final = ("full", "import_share", "sender_share")
_COUNTS: Final = tuple(each.name for each in fields(Taken) if each.type == "int")


class NoNetwork(MistoError):
    """This device is on no local network: there is nobody who could come."""

    code = "no_local_network"


class CannotServe(MistoError):
    """The port is taken, or this device has no such address; `detail` is the system's word."""

    code = "cannot_serve"


@dataclass(slots=True)
class Visited:
    """What came of a visit to a neighbour. What was taken is durable."""

    given: int = 0
    """Bundles that the neighbour has said to have stored."""
    bytes_up: int = 0
    bytes_down: int = 0
    taken: Taken = field(default_factory=Taken)
    full: int = 0
    """Requests that the neighbour had no room for: they are with nobody but this device."""
    problem: str = ""
    """Why it ended before everything was handed over, as a code; `cut` when the network did it."""


def visit(courier: Courier, address: LanAddress) -> Visited:
    """Give a neighbour all there is to give, and take what it gives.

    Raises:
        Unreachable, WrongPeer: nothing was handed over.
        ServerRefused: the neighbour wants nothing of ours; `problem` says why.
    """
    mine = courier.give(PART_BYTES)
    done = Visited()
    with LanVisit(address) as going:
        for number in range(LAN_POSTS_MAX):
            raw = mine[number] if number < len(mine) else b""
            try:
                answer = going.post(raw)
            except Unreachable:
                if not number:
                    raise
                done.problem = "cut"
                break
            _note(courier, done, raw, answer)
            if done.problem or not (answer.left or number + 1 < len(mine)):
                break
        done.bytes_up, done.bytes_down = going.bytes_up, going.bytes_down
    if done.given == len(mine) and not done.full:
        courier.given()
    return done


def _note(courier: Courier, done: Visited, raw: bytes, answer: LanAnswer) -> None:
    """Take an answer as far as it is good."""
    done.given += bool(raw) and not answer.cut
    done.full += answer.full
    done.problem = "cut" if answer.cut else ""
    if not answer.raw:
        return
    try:
        done.taken = both(done.taken, courier.take(answer.raw, "lan"))
    except ProtocolError as error:
        done.problem = done.problem or error.code


def no_room(taken: Taken) -> int:
    """How many requests of a bundle were left with whoever gave it, for lack of room."""
    return sum(
        each.count for each in taken.refused if each.what == "request" and each.reason in _NO_ROOM
    )


def both(one: Taken, other: Taken) -> Taken:
    """What became of two bundles together."""
    refused: Counter[tuple[str, str]] = Counter()
    for each in (*one.refused, *other.refused):
        refused[each.what, each.reason] += each.count
    counts = {name: getattr(one, name) + getattr(other, name) for name in _COUNTS}
    return Taken(
        **counts,
        refused=tuple(Refused(*key, count) for key, count in refused.items()),
        flaw=other.flaw or one.flaw,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """What neighbours have brought and fetched since the door was opened."""

    visits: int = 0
    taken: Taken = field(default_factory=Taken)


class Door:
    """A door for neighbours: shut until a person opens it, and shut again when they leave.

    Safe to use from several threads.
    """

    def __init__(self, courier: Courier, heard: Callable[[], None] = lambda: None) -> None:
        """Use a courier; `heard` is called from a visitor's thread when something has come."""
        self._courier, self.heard = courier, heard
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._stack = ExitStack()
        self._served = Served()
        self._asked: tuple[str, int, bool] = ("", 0, True)
        self.address: LanAddress | None = None
        """Where it is open, or None."""
        self.announced = False
        """Whether neighbours find it without scanning its address."""

    @property
    def served(self) -> Served:
        """What has come so far."""
        with self._counting:
            return self._served

    def open(self, host: str = "", port: int = 0, *, announce: bool = True) -> LanAddress:
        """Open it, here instead of elsewhere; gives the address to show.

        Args:
            host: this device's number on the network; empty takes the likeliest.
            port: 0 takes PORT, or any other when that is taken.
            announce: by mDNS as well.

        Raises:
            NoNetwork, CannotServe: it is shut.
        """
        where = host or next(iter(own_addresses()), "")
        if not where:
            raise NoNetwork
        with self._lock:
            self._asked = (host, port, announce)
            return self._open(where)

    def follow(self) -> LanAddress | None:
        """Open it anew where this device is now, when its network has changed under the open door.

        From a Wi-Fi to a hotspot, for one: the old number is nobody's then, and whoever calls it
        hears nothing. Asked every few seconds while the door is open.

        Returns:
            The new address, to show in place of the old one; None while that is as good as ever,
            while there is no network to go to, and when a person has chosen the number.

        Raises:
            CannotServe: it is shut.
        """
        with self._lock:
            here = own_addresses()
            if self.address is None or self._asked[0] or not here or self.address.host in here:
                return None
            return self._open(here[0])

    def shut(self) -> None:
        """Shut it; when this returns nobody is served any more."""
        with self._lock:
            self._shut()

    def give(self) -> list[bytes]:
        """What a visitor gets."""
        bundles = self._courier.give(PART_BYTES)[:LAN_POSTS_MAX]
        with self._counting:
            self._served = Served(self._served.visits + 1, self._served.taken)
        self.heard()
        return bundles

    def take(self, raw: bytes) -> int:
        """Take what a visitor brings; for how many requests there was no room."""
        taken = self._courier.take(raw, "lan")
        with self._counting:
            self._served = Served(self._served.visits, both(self._served.taken, taken))
        self.heard()
        return no_room(taken)

    def _open(self, where: str) -> LanAddress:
        _, port, announce = self._asked
        self._shut()
        try:
            self.address = self._serve(where, port)
        except (OSError, OverflowError, UnicodeError) as error:
            raise CannotServe(getattr(error, "strerror", None) or str(error)) from error
        if announce:
            self.announced = self._stack.enter_context(announced(self.address))
        return self.address

    def _serve(self, host: str, port: int) -> LanAddress:
        try:
            return self._stack.enter_context(serving(self, host, port or PORT))
        except OSError:
            if port:
                raise
            return self._stack.enter_context(serving(self, host))

    def _shut(self) -> None:
        self._stack.close()
        self.address, self.announced = None, False
