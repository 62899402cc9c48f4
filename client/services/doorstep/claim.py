"""Claiming: whoever has a slip's words opens its thread here, and leaves nothing behind.

The thread is opened in memory, from what is carried on this device and, where there is a network,
from the city itself. Leaving forgets it; adopting keeps it (see `adopted`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from types import TracebackType

from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying
from client.services.doorstep.slip_device import SlipDevice, Thread
from client.services.exchange import Transport
from client.services.receipts import KeptReceipt
from client.services.replica import Replica
from client.services.types import AppealView
from shared_schema.crypto.slip import SlipSecrets, read_slip, secrets_of_slip
from shared_schema.errors import ProtocolError


class Claimed:
    """A slip's thread, open in memory. A context manager: leaving forgets it."""

    def __init__(
        self, replica: Replica, carrying: Carrying, adopted: Adopted, secrets: SlipSecrets
    ) -> None:
        self._replica = replica
        self._carrying = carrying
        self._adopted = adopted
        self._device = SlipDevice(replica, secrets)
        device = self._device.device
        self._take([*adopted.threads(device), *carrying.carried(device)])

    @property
    def found(self) -> bool:
        """Whether anything of the slip is here; if not, a network or a courier may bring it."""
        return self._device.said

    @property
    def adopted(self) -> bool:
        """Whether the slip is among this device's own."""
        return self._adopted.holds(self._device.device)

    def views(self) -> list[AppealView]:
        """What was said to the city with this slip, and how it stands; newest first."""
        return self._device.views()

    def look(self, transport: Transport) -> bool:
        """Ask the city what there is; returns whether there is anything of this slip.

        What comes is in memory alone, except that what is carried or adopted here already is kept
        with the newest answer.

        Raises:
            MistoError: there is no network, or the reply does not verify. What was there stays.
        """
        found = self._device.look(transport)
        if found:
            self._keep()
        return found

    def comment(self, record: str, text: str) -> AppealView:
        """Add to the appeal, and carry that on; durable on return.

        Raises:
            UnknownRecord, PayloadError, NoRoom, StorageErrors: nothing is saved.
        """
        before = self._device.threads()
        try:
            view = self._device.appeals.comment(record, text)
            self._carrying.carry(self._device.threads())
        except BaseException:
            self._go_back_to(before)
            raise
        if self.adopted:
            self._adopted.keep(self._device)
        return view

    def receipt(self, record: str) -> KeptReceipt | None:
        """The city's receipt for the appeal, checked anew; None while there is none."""
        return self._device.appeals.receipt(record)

    def adopt(self) -> None:
        """Take the slip over to this device: its thread is among the own ones from now on.

        Raises:
            SealError: the thread is too long for that.
        """
        self._adopted.keep(self._device)

    def close(self) -> None:
        """Leave: nothing of what was open is left here."""
        self._device.close()

    def __enter__(self) -> Claimed:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _take(self, threads: Iterable[Thread]) -> None:
        for thread in threads:
            with contextlib.suppress(ProtocolError):  # damaged on its way: the rest counts
                self._device.take(thread.request, thread.reply)

    def _go_back_to(self, threads: Iterable[Thread]) -> None:
        """Forget what is in memory alone: it could not be saved, so it was not said."""
        secrets = self._device.secrets
        self._device.close()
        self._device = SlipDevice(self._replica, secrets)
        self._take(threads)

    def _keep(self) -> None:
        if self._carrying.carried(self._device.device):
            self._carrying.carry(self._device.threads())
        if self.adopted:
            self._adopted.keep(self._device)


class Claims:
    """Opens slips on this device."""

    def __init__(self, replica: Replica, carrying: Carrying, adopted: Adopted) -> None:
        self._replica = replica
        self._carrying = carrying
        self._adopted = adopted

    def open(self, text: str) -> Claimed:
        """The thread of the slip that somebody typed, pasted or scanned; offline.

        Raises:
            UnknownSlipWord, SlipIncomplete, SlipMismatch: see `crypto.slip.read_slip`.
        """
        slip = read_slip(text, self._replica.card.city)
        secrets = secrets_of_slip(slip)
        return Claimed(self._replica, self._carrying, self._adopted, secrets)
