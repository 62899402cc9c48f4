"""Bugs planted at the doorstep, with volunteers and in narrow stores, and what catches them.

See `test_planted_bugs` and `test_courier_plants`.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client.services.appeals import Appeals
from client.services.courier import late
from client.services.courier.courier import Courier
from client.services.courier.intake import Intake
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying
from client.services.doorstep.collect import Collecting
from client.services.doorstep.slip_device import SlipDevice
from client.services.types import AppealView
from client.storage import carried
from misto.simulation.couriers import run_couriers
from shared_schema.records.appeal import Opened
from shared_schema.records.kinds import BY_NAME
from shared_schema.records.volunteer import Roll
from shared_schema.sync.policy import Verdict
from shared_schema.sync.statement import Reason, Status
from sync_server.services import intake
from tests.simulation.catching import assert_caught

pytestmark = pytest.mark.sweep

Patch = pytest.MonkeyPatch
SEEDS = range(1, 5)
SIZE = {"devices": 13, "days": 4}
NOTE = "INSERT OR REPLACE INTO sealed_notes (name, sealed) VALUES ('draft', ?)"


def what_was_typed_is_kept(patch: Patch) -> None:
    """The volunteer's device keeps the text, in case the appeal gets lost."""
    taking = Collecting.take

    def take(self: Collecting, opened: Any) -> Any:
        with self._replica.store.writing() as connection:
            connection.execute(NOTE, (opened.text.encode(),))
        return taking(self, opened)

    patch.setattr(Collecting, "take", take)


def taken_twice(patch: Patch) -> None:
    """A finger that trembles files the same appeal two times."""
    filing = Appeals.file

    def file(self: Appeals, opened: Opened, draft: str = "") -> AppealView:
        if self._replica.folder == Path(os.devnull):  # a slip's device
            filing(self, opened)
        return filing(self, opened, draft)

    patch.setattr(Appeals, "file", file)


def replies_to_slips_are_not_looked_for(patch: Patch) -> None:
    """A claim opens what was said with a slip, and not what the city has said to it."""
    finding = Carrying.carried

    def found(self: Carrying, device: bytes) -> Any:
        return [each._replace(reply=None) for each in finding(self, device)]

    patch.setattr(Carrying, "carried", found)
    patch.setattr(Adopted, "threads", lambda self, device: [])


def taken_is_shown_as_received(patch: Patch) -> None:
    """Whoever claims a slip is told that the city has it, because somebody carries it."""
    viewing = SlipDevice.views

    def views(self: SlipDevice) -> Any:
        return [dataclasses.replace(each, received_at_ms=1) for each in viewing(self)]

    patch.setattr(SlipDevice, "views", views)


def dismissals_do_not_end_anything(patch: Patch) -> None:
    """The roll lists who was dismissed, and nobody looks there."""
    patch.setattr(Roll, "ended", lambda self, invitation, device: False)


def nobody_is_a_volunteer(patch: Patch) -> None:
    """A device knows who was invited, and looks for joinings in the wrong place."""
    patch.setattr(Roll, "volunteer", lambda self, device, at_ms: None)


def couriers_do_not_bring_dismissals(patch: Patch) -> None:
    """What ends a role is taken from the city alone."""
    judging = late.judge

    def judge(change: Any, facts: Any) -> Verdict:
        ends = change.kind == BY_NAME["trust.dismissed"].number
        return Verdict(Status.REFUSED, Reason.NOT_ALLOWED) if ends else judging(change, facts)

    patch.setattr(late, "judge", judge)


def joinings_wait_for_ever(patch: Patch) -> None:
    """The server never takes up what it has once put off."""
    judging = intake.judge

    def judge(change: Any, facts: Any) -> Verdict:
        joins = change.kind == BY_NAME["trust.joined"].number
        deferred = Verdict(Status.DEFERRED, Reason.MISSING_PARENT)
        return deferred if joins else judging(change, facts)

    patch.setattr(intake, "judge", judge)


def the_store_has_no_end(patch: Patch) -> None:
    """Nobody asks whether there is room."""
    patch.setattr(Intake, "_room", lambda *_: True)


def tidying_up_wipes_everything(patch: Patch) -> None:
    """After handing in, a courier's store is emptied."""
    clearing = Courier.clear

    def clear(self: Courier, *args: Any, **kwargs: Any) -> Any:
        with self.replica.store.writing() as connection:
            carried.remove(connection, carried.ids(connection))
        return clearing(self, *args, **kwargs)

    patch.setattr(Courier, "clear", clear)


PLANTS = [
    (what_was_typed_is_kept, "nothing_private_is_in_clear"),
    (taken_twice, "slips_arrive_in_the_end"),
    (replies_to_slips_are_not_looked_for, "slips_follow_their_paths"),
    (taken_is_shown_as_received, "claims_say_the_truth"),
    (dismissals_do_not_end_anything, "dismissals_follow_their_paths"),
    (nobody_is_a_volunteer, "volunteers_follow_their_paths"),
    (couriers_do_not_bring_dismissals, "dismissals_are_known_in_the_end"),
    (joinings_wait_for_ever, "joinings_count_in_the_end"),
    (the_store_has_no_end, "budgets_hold"),
    (tidying_up_wipes_everything, "nothing_is_dropped_without_a_receipt"),
]


@pytest.mark.parametrize(("plant", "checker"), PLANTS, ids=[plant.__name__ for plant, _ in PLANTS])
def test_a_planted_bug_is_caught(
    plant: Callable[[Patch], None], checker: str, monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    assert_caught(plant.__name__, checker, SEEDS, lambda seed: run_couriers(seed, **SIZE))
