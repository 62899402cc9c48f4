"""The guide as the newsroom keeps it: one place or schedule at a time, or a whole table at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import astuple

from client.services.guide import GuideDesk
from client.services.guide_types import PlaceView
from shared_schema.records.outage import Rescheduled, Scheduled
from shared_schema.records.place import Condition, Confirmed, Listed, Updated

if TYPE_CHECKING:
    from client.services.guide import Guide
    from client.services.interchange.plan import Plan
    from client.services.replica import Replica


class GuideTable(GuideDesk):
    """What the newsroom's tables do; all of it raises NotAllowed where this is no newsroom."""

    def __init__(self, replica: Replica, guide: Guide) -> None:
        super().__init__(replica)
        self._replica = replica
        self._guide = guide

    def put_place(self, record: str, listed: Listed) -> str:
        """Say a whole place, for the first time or again; returns its record.

        Saying it again counts as finding it open. Who only mends an address has not been there: a
        place that is closed or empty is said to be so once more.
        """
        with self._replica.store.writing():
            return self._put(self._guide.place(record) if record else None, listed)

    def put_schedule(self, record: str, scheduled: Scheduled) -> str:
        """Publish the week of a queue, or say a whole schedule again; returns its record."""
        if not record:
            return self.schedule(Scheduled(*astuple(scheduled)))
        return self.reschedule(record, Rescheduled(*astuple(scheduled)))

    def accept_places(self, plan: Plan[Listed]) -> int:
        """Say all that a table of places changes, or nothing; returns how many places that were."""
        known = {view.record: view for view in self._guide.places()}
        steps = plan.only("new", "changed")
        with self._replica.store.writing():
            for step in steps:
                self._put(known.get(step.record), step.value)
        return len(steps)

    def accept_schedules(self, plan: Plan[Scheduled]) -> int:
        """Publish all that a table of schedules changes, or nothing; returns how many that were."""
        steps = plan.only("new", "changed")
        with self._replica.store.writing():
            for step in steps:
                self.put_schedule(step.record, step.value)
        return len(steps)

    def _put(self, found: PlaceView | None, listed: Listed) -> str:
        if found is None:
            return self.list_place(Listed(*astuple(listed)))
        self.update(found.record, Updated(*astuple(listed)))
        if found.condition != "open":
            self.confirm(found.record, _as_found(found))
        return found.record


def _as_found(view: PlaceView) -> Confirmed:
    condition: Condition = "empty" if view.condition == "empty" else "closed"
    return Confirmed(condition, view.confirmed_by, view.condition_note, view.expires_at_ms)
