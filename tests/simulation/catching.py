"""Whether a checker of the simulation finds a planted bug within a few seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import pytest


class Result(Protocol):
    """What a simulation found."""

    @property
    def violations(self) -> tuple[str, ...]:
        """Each begins with the name of its checker."""


def assert_caught(
    plant: str, checker: str, seeds: Iterable[int], run: Callable[[int], Result], holds: str = ""
) -> None:
    """Some seed trips this checker; until then none may trip `holds`, where one is named."""
    caught: set[str] = set()
    for seed in seeds:
        caught |= {each.split(":")[0] for each in run(seed).violations}
        assert not holds or holds not in caught
        if checker in caught:
            return
    pytest.fail(f"{plant}: {checker} found nothing; others: {sorted(caught)}")
