"""What a person may do with their device as a whole: see its storage, copy it, lock it, end it."""

from __future__ import annotations

from client.keys.vault import Vault
from client.services.backup import export_own
from client.services.budget import Budget, Usage
from client.services.handover import Handover
from client.services.prefs import Prefs
from client.services.replica import Replica
from client.services.wipe import wipe


class Own:
    """The device of an open replica."""

    def __init__(self, replica: Replica, prefs: Prefs, handover: Handover) -> None:
        self._replica = replica
        self._prefs = prefs
        self._handover = handover
        self._budget = Budget(replica)

    @property
    def device_id(self) -> str:
        """The device's id in hex: it tells who wrote, and nothing about the person."""
        return self._replica.device.hex()

    @property
    def locked(self) -> bool:
        """Whether a PIN locks the keys."""
        return Vault.is_locked(self._replica.folder)

    def usage(self) -> Usage:
        """How much room what takes."""
        return self._budget.usage()

    def export(self, passphrase: str) -> bytes:
        """Everything that is one's own, as a file sealed with a passphrase; see `backup`."""
        return export_own(self._replica, passphrase)

    def hand_over(self) -> tuple[bytes, int]:
        """What waits, as a file for a courier, and how many changes that are."""
        return self._handover.bundle()

    def handed_over(self) -> None:
        """The person has put that file somewhere: its changes are with a courier now."""
        self._handover.given()

    def set_pin(self, pin: str | None) -> None:
        """Lock the keys with a PIN, or unlock them; the old key file is replaced durably.

        Raises:
            PinTooShort: see `Vault.create`.
        """
        Vault.create(self._replica.folder, self._replica.secrets, pin)

    def trim(self) -> int:
        """Let old news go until they fit into their budget; returns how many went."""
        return self._budget.keep(self._prefs.get().news_budget_bytes)

    def wipe(self) -> None:
        """Delete everything of this device; it must be closed."""
        wipe(self._replica.folder)
