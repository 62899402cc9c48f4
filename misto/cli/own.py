"""A person's appeals, as the commands see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client.services.appeals import Appeals
    from client.services.replica import Replica


def every_appeal(replica: Replica) -> Appeals:
    """Those of the device itself, and those of the slips that it has adopted."""
    from client.services.courier.courier import Courier
    from client.services.doorstep.adopted import Adopted
    from client.services.doorstep.carrying import Carrying
    from client.services.doorstep.every import EveryAppeal
    from client.services.notes import Notes

    adopted = Adopted(replica, Notes(replica))
    return EveryAppeal(replica, adopted, Carrying(Courier(replica)))
