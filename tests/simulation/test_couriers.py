"""A small town where few ever have a network: what couriers carry arrives, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter

from misto.simulation.couriers import run_couriers
from misto.simulation.couriers.paths import Load, Paths

SIZE = {"devices": 13, "days": 4}
SHORT = {"devices": 13, "days": 1}
DIGEST_OF_5 = (
    "from misto.simulation.couriers import run_couriers;"
    f"print(run_couriers(5, **{SHORT}).trace_digest)"
)
AUTHORS = {b"a": "anna", b"b": "borys"}


def test_what_has_a_path_arrives_and_nothing_is_lost() -> None:
    counts: Counter[str] = Counter()
    for seed in range(1, 4):
        result = run_couriers(seed, **SIZE)
        assert result.violations == ()
        assert result.ok
        counts.update(result.counts)
    assert counts["changes_with_a_path"] > 80
    assert counts["receipts_with_a_path"] > 30
    assert counts["replies_with_a_path"] > 5
    assert counts["device_crashes"] > 50
    assert counts["slips"] > 20
    assert counts["claims"] > 15
    assert counts["joined"] > 5
    assert counts["dismissed"] > 0
    assert counts["cleared"] > 5
    assert counts["delivered_by_tight"] > 30
    assert counts["junk"] > 0
    assert counts["handed_whole"] < counts["handed"]
    assert not counts["over_limit"]


def test_no_decision_depends_on_the_process() -> None:
    """Nor on the order of sets, which is another one here than elsewhere."""
    elsewhere = subprocess.run(
        [sys.executable, "-c", DIGEST_OF_5],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    result = run_couriers(5, **SHORT)
    assert elsewhere.stdout.strip() == result.trace_digest
    assert run_couriers(6, **SHORT).trace_digest != result.trace_digest


def paths() -> Paths:
    return Paths(lambda change: AUTHORS.get(change, ""))


def test_a_path_needs_its_meetings_in_the_order_of_time() -> None:
    record = paths()
    early = record.load_of("first", frozenset(), False)
    record.handed(record.load_of("anna", frozenset({b"a"}), True), "first")
    record.handed(early, "second")  # the second courier was met before
    record.delivered("second", {}, frozenset())
    assert record.on_server == set()
    record.handed(record.load_of("first", frozenset(), False), "second")
    record.delivered("second", {}, frozenset())
    assert record.on_server == {b"a"}


def test_receipts_and_mail_go_home_only_by_meetings_after_the_post() -> None:
    record = paths()
    record.handed(record.load_of("anna", frozenset({b"a"}), True), "first")
    too_early = record.back_to("first", "anna")
    record.delivered("first", {"anna": frozenset({b"r"}), "borys": frozenset({b"x"})}, frozenset())
    record.handed(too_early, "anna")
    assert (record.settled["anna"], record.mail["anna"]) == (set(), set())
    assert record.back_to("first", "borys") == Load()  # nobody gave a ticket to that mailbox
    record.handed(record.back_to("first", "anna"), "anna")
    assert (record.settled["anna"], record.mail["anna"]) == ({b"a"}, {b"r"})


def test_a_courier_that_has_cleared_must_still_carry_what_the_city_has_not() -> None:
    record = paths()
    for name, change in (("anna", b"a"), ("borys", b"b")):
        record.handed(record.load_of(name, frozenset({change}), True), "first")
    record.cleared("first", frozenset({b"a"}))
    record.delivered("first", {}, frozenset())
    assert record.on_server == {b"b"}
