"""Couriers in the simulation: who met whom, what went along, and whether it came where it had to.

The same core, services and SQLite as in the rest of the simulation, and the same crashes and
network. Beside the devices a record of paths is kept; see `paths` and `judging`.
"""

from misto.simulation.couriers.run import run_couriers

__all__ = ["run_couriers"]
