"""A person's appeals: those of their device, and those of the slips that it has adopted."""

from __future__ import annotations

from client.services.appeals import Appeals
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying
from client.services.doorstep.slip_device import SlipDevice
from client.services.errors import record_id
from client.services.receipts import KeptReceipt
from client.services.replica import Replica
from client.services.types import AppealView, Refusal
from shared_schema.records.appeal import Payload


class EveryAppeal(Appeals):
    """The same acts on all of them; what is done in an adopted one is done as its slip's device."""

    def __init__(self, replica: Replica, adopted: Adopted, carrying: Carrying) -> None:
        super().__init__(replica)
        self._adopted = adopted
        self._carrying = carrying

    def list(self) -> list[AppealView]:
        """Those still waiting first, then newest first."""
        views = super().list()
        views += [view for slip in self._adopted.slips() for view in slip.views()]
        return sorted(views, key=_newness, reverse=True)

    def refusals(self) -> tuple[Refusal, ...]:
        """What the city refused, whichever device of this person had said it."""
        slips = (slip.appeals.refusals() for slip in self._adopted.slips())
        return tuple(each for part in (super().refusals(), *slips) for each in part)

    def receipt(self, record: str) -> KeptReceipt | None:
        """The city's receipt for one of them."""
        slip = self._slip(record)
        return slip.appeals.receipt(record) if slip else super().receipt(record)

    def _own(self, record: str | bytes) -> AppealView:
        slip = self._slip(record)
        return slip.appeals.get(record) if slip else super()._own(record)

    def _save(self, view: AppealView, payload: Payload) -> None:
        slip = self._slip(view.record)
        if slip is None:
            super()._save(view, payload)
            return
        try:
            slip.appeals._save(view, payload)
            self._carrying.carry(slip.threads())
            self._adopted.keep(slip)
        except BaseException:
            self._adopted.close()  # what is only in memory was not said
            raise

    def _slip(self, record: str | bytes) -> SlipDevice | None:
        return self._adopted.of(record_id(record).hex())


def _newness(view: AppealView) -> tuple[bool, int]:
    return view.received_at_ms is None, view.received_at_ms or view.created_at_ms
