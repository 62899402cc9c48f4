"""The way to the server's two doors, and what passes it."""

from __future__ import annotations

from typing import Protocol


class CarryTransport(Protocol):
    """Carries bundles to the server by both of its doors."""

    def post(self, raw: bytes) -> bytes:
        """The reply to one request; raises an error with a code when there is none."""

    def carry(self, raw: bytes) -> bytes:
        """The courier bundle of replies to a courier bundle of requests; raises likewise."""


class Metered:
    """A transport whose bytes are counted from now on: with heads when it counts them itself."""

    def __init__(self, transport: CarryTransport) -> None:
        self._transport = transport
        self._bodies = [0, 0]
        self._before = self._counted()

    @property
    def passed(self) -> int:
        """Bytes of the way on which more have passed."""
        return max(now - before for now, before in zip(self._counted(), self._before, strict=True))

    @property
    def half_carried(self) -> bool:
        """Whether some of the last courier bundle has got through, and not all."""
        return bool(getattr(self._transport, "half_carried", False))

    def post(self, raw: bytes) -> bytes:
        """See `CarryTransport`."""
        return self._note(raw, self._transport.post(raw))

    def carry(self, raw: bytes) -> bytes:
        """See `CarryTransport`."""
        return self._note(raw, self._transport.carry(raw))

    def _note(self, raw: bytes, answer: bytes) -> bytes:
        self._bodies[0] += len(raw)
        self._bodies[1] += len(answer)
        return answer

    def _counted(self) -> tuple[int, int]:
        up, down = self._bodies
        counts = self._transport
        return int(getattr(counts, "bytes_up", up)), int(getattr(counts, "bytes_down", down))
