"""All that a device does at the doorstep, put together: collecting, claiming, adopted slips."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from client.services.courier.courier import Courier
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying
from client.services.doorstep.claim import Claimed, Claims
from client.services.doorstep.collect import Collected, Collecting
from client.services.doorstep.every import EveryAppeal
from client.services.exchange import Transport
from client.services.notes import Notes
from client.services.types import ExchangeResult, SyncState
from shared_schema.errors import MistoError
from shared_schema.records.appeal import Opened


class Exchanges(Protocol):
    """An exchange as the app drives it."""

    def once(self) -> ExchangeResult: ...
    def state(self) -> SyncState: ...


class Doorstep:
    """The doorstep of an open device."""

    def __init__(
        self,
        courier: Courier,
        notes: Notes,
        transport: Transport,
        on_collected: Callable[[Opened, str], object] = lambda _opened, _sender: None,
    ) -> None:
        """`on_collected` hears what was taken and by which device, once it is durable."""
        replica = courier.replica
        self._transport = transport
        self._courier = courier
        self._on_collected = on_collected
        self._adopted = Adopted(replica, notes)
        carrying = Carrying(self._courier)
        self._collecting = Collecting(replica, carrying)
        self._claims = Claims(replica, carrying, self._adopted)
        self.appeals = EveryAppeal(replica, self._adopted, carrying)

    def collect(self, opened: Opened) -> Collected:
        """Take an appeal for somebody; see `Collecting.take`."""
        taken = self._collecting.take(opened)
        with suppress(MistoError):  # whatever fails now, the slip must reach its owner
            self._on_collected(opened, taken.sender)
        return taken

    def unhanded(self) -> list[Collected]:
        """Slips that nobody has confirmed to have; see `Collecting.unhanded`."""
        return self._collecting.unhanded()

    def handed(self, taken: Collected) -> None:
        """The resident has the slip; see `Collecting.handed`."""
        self._collecting.handed(taken)

    def claim(self, text: str) -> Claimed:
        """Open a slip's thread; see `Claims.open`."""
        return self._claims.open(text)

    def look(self, claimed: Claimed) -> bool:
        """Ask the city about an open slip; see `Claimed.look`."""
        return claimed.look(self._transport)

    def exchanging(self, exchange: Exchanges) -> Exchanges:
        """The device's exchange, and that of its adopted slips; what waits of either is counted."""
        return _WithSlips(exchange, self)

    def look_again(self) -> None:
        """Ask the city about the adopted slips.

        Raises:
            MistoError: the transport failed. What came before is durable.
        """
        self._adopted.look(self._transport)

    def waiting(self) -> int:
        """What was said here through slips, one's own or others', and has no verdict yet."""
        slips = self._adopted.slips()
        own = {slip.device.hex() for slip in slips}
        collected = (
            each
            for each in self._courier.carried()
            if each.source == "collected" and not each.done and each.sender not in own
        )
        return sum(slip.waiting for slip in slips) + sum(1 for _ in collected)

    def carrying(self) -> int:
        """Requests that others have given to this device, and that the city has not answered."""
        return sum(not each.done and each.source != "collected" for each in self._courier.carried())

    def close(self) -> None:
        """Forget what is open in memory."""
        self._adopted.close()


class _WithSlips:
    def __init__(self, exchange: Exchanges, doorstep: Doorstep) -> None:
        self._exchange = exchange
        self._doorstep = doorstep

    def once(self) -> ExchangeResult:
        result = self._exchange.once()
        self._doorstep.look_again()
        return result

    def state(self) -> SyncState:
        state = self._exchange.state()
        doorstep = self._doorstep
        waiting = state.waiting + doorstep.waiting()
        return replace(state, waiting=waiting, carrying=doorstep.carrying())
