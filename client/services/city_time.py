"""What time it is at least: the one question in which a clock that was turned back would help.

Nothing that matters is decided by wall clocks. Where a date has to be compared without a network,
until when somebody is a volunteer, a device takes the later of its own clock and the latest moment
that it has seen the city sign. So a clock that was turned back brings nobody back, as soon as the
device has heard of the city after the date, by whatever way. A device that has not heard has only
its clock. Its own past is no help: a clock that once ran ten years ahead would end everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.storage import settings

if TYPE_CHECKING:
    from client.services.replica import Replica

_TOLD: Final = (settings.SERVER_TIME_MS, settings.CARRIED_TIME_MS)


def at_least_ms(replica: Replica) -> int:
    """The moment, in Unix milliseconds, before which it cannot be now."""
    with replica.store.holding() as connection:
        told = [settings.number(connection, name) or 0 for name in _TOLD]
    return max(replica.clock(), *told)
