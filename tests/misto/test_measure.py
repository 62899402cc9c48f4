"""`misto bench` and `misto simulate`, in the small; what they find is tested where they live."""

from __future__ import annotations

import pytest

from misto.simulation import SimulationResult
from tests.misto.support import Here


def test_a_bench_reports_one_object(misto: Here) -> None:
    report = misto("bench", "local", "--count", 20, "--json").json
    assert (report["bench"], report["count"], report["errors"]) == ("local", 20, 0)
    assert report["rate_per_s"] > 0
    assert "rate_per_s" in misto("bench", "local", "--count", 20).out


def test_a_simulation_is_the_same_for_the_same_seed(misto: Here) -> None:
    command = ("simulate", "--seed", 7, "--devices", 2, "--days", 1, "--json")
    first, second = misto(*command).json, misto(*command).json
    assert set(first) == {
        "seed", "devices", "days", "ok", "violations", "counts", "trace_digest", "wall_s",
    }  # fmt: skip
    assert (first["ok"], first["violations"]) == (True, [])
    assert first["trace_digest"] == second["trace_digest"]


def test_a_broken_rule_is_a_failure(misto: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    found = SimulationResult(7, False, ("a receipt was lost",), {"acts": 3}, "00", 0.1)
    monkeypatch.setattr("misto.simulation.run_simulation", lambda *_: found)
    done = misto("simulate", "--seed", 7)
    assert done.status == 1
    assert "a receipt was lost" in done.out
    assert "RULES WERE BROKEN" in done.out
