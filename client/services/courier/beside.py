"""Handing over to whoever stands beside: by codes on the screen, over Wi-Fi, or as a file.

All three give what a courier gives and take what it takes. What was shown or saved is on its way at
best: only a visit knows that the other device has stored it, and only a receipt that the city has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from client.services.courier.courier import Courier
from client.services.courier.lan import Door, Served, Visited, visit
from client.services.courier.types import Taken
from client.transports.lan_discovery import find
from shared_schema.errors import TooLarge
from shared_schema.sync.frames import PIECE_BYTES, PREFIX, Collector, Splitter
from shared_schema.sync.lan_address import LanAddress, read_address

PART_BYTES: Final = 24 * 1024
"""What one sequence of codes shows: about half a minute at four a second."""
ONE_CODE_BYTES: Final = 700
"""Up to here all of it is one code, of 105 modules: a phone's own camera reads it."""
LOOK_S: Final = 3.0


class Codes(NamedTuple):
    """What there is to show as codes."""

    parts: tuple[Splitter, ...]
    left_out: int
    """Parts that are too large for codes: Wi-Fi or a file takes them."""


class Scanned(NamedTuple):
    """What a code that was read, or pasted, has brought."""

    have: int
    needed: int
    taken: Taken | None
    """What became of all of it, once it is here."""


class Beside:
    """The ways of an open replica to devices beside it."""

    def __init__(self, courier: Courier) -> None:
        self._courier = courier
        self._collector = Collector()
        self._door = Door(courier)

    @property
    def served(self) -> Served:
        """What neighbours have brought since the door was opened."""
        return self._door.served

    def open(self, heard: Callable[[], None]) -> LanAddress:
        """Open the door; `heard` is called from another thread when somebody was there.

        Raises:
            NoNetwork, CannotServe: it is shut.
        """
        self._door.heard = heard
        return self._door.open()

    def follow(self) -> LanAddress | None:
        """The door's new address, when this device's network has changed; see `Door.follow`."""
        return self._door.follow()

    def shut(self) -> None:
        """Shut the door."""
        self._door.shut()

    def find(self) -> list[LanAddress]:
        """Whose doors are open on this network."""
        own = self._door.address
        return [each for each in find(LOOK_S) if each != own]

    def visit(self, address: str) -> Visited:
        """Visit a neighbour; see `lan.visit`.

        Raises:
            NotALanAddress: the text is no address.
        """
        return visit(self._courier, read_address(address))

    def codes(self) -> Codes:
        """What waits here and what is carried, to show as codes; news are left to the others.

        Who has lost a role is told as well, unless one code would become several by it.
        """
        bundles = self._courier.give_by_codes(PART_BYTES, ONE_CODE_BYTES)
        parts = [each for raw in bundles if (each := _split(raw)) is not None]
        return Codes(tuple(parts), len(bundles) - len(parts))

    def files(self) -> list[bytes]:
        """All there is to give, as files; mostly one."""
        return self._courier.give()

    def given(self) -> None:
        """The person has put those files somewhere: they are with a courier now."""
        self._courier.given()

    def take_file(self, raw: bytes) -> Taken:
        """Take a file that somebody has given.

        Raises:
            TooLarge, ProtocolError, OtherCity: see `Courier.take`.
        """
        return self._courier.take(raw, "file")

    def scan(self, text: str) -> Scanned:
        """Take the text of a code.

        Raises:
            ProtocolError: it is no code of Misto's; see `Collector.take` and `Courier.take`.
        """
        progress = self._collector.take(text)
        whole = progress.whole
        taken = self._courier.take(whole, "qr") if whole is not None else None
        return Scanned(progress.have, progress.needed, taken)


def is_code(text: str) -> bool:
    """Whether a text that was pasted is that of a code, and not an address."""
    return text.startswith(PREFIX)


def frames_of(raw: bytes) -> Splitter:
    """A bundle as frames: one code when it is small, else a sequence.

    Raises:
        TooLarge, ProtocolError: see `Splitter`.
    """
    return Splitter(raw, len(raw) if len(raw) <= ONE_CODE_BYTES else PIECE_BYTES)


def _split(raw: bytes) -> Splitter | None:
    try:
        return frames_of(raw)
    except TooLarge:
        return None
