"""Short simulations of the real core under storms, crashes and clocks that are years wrong."""

from __future__ import annotations

import pytest

from misto.simulation import run_simulation


@pytest.mark.parametrize("seed", range(1, 7))
def test_a_stormy_city_keeps_its_promises(seed: int) -> None:
    result = run_simulation(seed, devices=4, days=2)
    assert result.violations == ()
    assert result.ok
    assert result.counts["saved"] > 20
    assert result.counts["device_crashes"] > 0
    assert result.counts["server_restarts"] > 0


def test_a_seed_reproduces_every_decision_and_verdict() -> None:
    first, again, other = (run_simulation(seed, devices=2, days=1) for seed in (11, 11, 12))
    assert first.trace_digest == again.trace_digest
    assert first.counts == again.counts
    assert first.trace_digest != other.trace_digest
