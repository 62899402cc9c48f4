"""Making a device where there is none, from the card inside the app: no network, no account."""

from __future__ import annotations

from pathlib import Path

from client.services.backup import import_own
from client.services.notes import Notes
from client.services.prefs import Preferences, Prefs
from client.services.replica import Replica
from shared_schema.crypto.card import Card, read_card


class Starter:
    """What the first run needs to know of the city, and what it does.

    Raises:
        CardError: the card does not verify.
    """

    def __init__(self, folder: Path, card: Path) -> None:
        self._folder = folder
        self._raw = card.read_bytes()
        self._card: Card = read_card(self._raw)

    @property
    def city(self) -> str:
        """The city's name."""
        return self._card.facts.name

    @property
    def districts(self) -> tuple[str, ...]:
        """The city's districts."""
        return self._card.facts.districts

    def begin(self, preferences: Preferences) -> None:
        """Make the device, with the choices of its person."""
        with Replica.create(self._folder, self._raw) as replica:
            Prefs(Notes(replica)).put(preferences)

    def restore(self, raw: bytes, passphrase: str) -> None:
        """Make the device from the file of another one; see `backup`.

        Raises:
            WrongPassphrase, BackupDamaged, BackupNewer, OtherCity: nothing was made.
        """
        import_own(self._folder, raw, passphrase, city=self._card.city).close()
