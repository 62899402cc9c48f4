"""A seeded simulation: the real core, the real services, real SQLite; virtual clock and network.

Nothing is mocked but time and the wire. A seed and a commit reproduce a run: every decision (who
acts, what is lost, who crashes) comes from one generator, and the trace of decisions and verdicts
has a digest to compare. Keys and salts stay random; no decision depends on them.
"""

from misto.simulation.run import SimulationResult, run_simulation

__all__ = ["SimulationResult", "run_simulation"]
