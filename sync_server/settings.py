"""What an operator may set, and the city folder that a server lives in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from shared_schema.crypto.card import Card, read_card
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.limits import DEVICE_BYTES_PER_DAY_MAX, DEVICE_CHANGES_PER_DAY_MAX

CARD: Final = "card.json"
SERVER_KEY: Final = "server.key"
DATABASE: Final = "server.db"
DEFAULT_PORT: Final = 8550


class BadCityFolder(MistoError):
    """The city folder lacks something a server needs."""

    code = "bad_city_folder"


@dataclass(frozen=True, slots=True)
class Settings:
    """One server. `database_url` of None is SQLite in the city folder."""

    city: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    database_url: str | None = None
    changes_per_day_max: int = DEVICE_CHANGES_PER_DAY_MAX
    bytes_per_day_max: int = DEVICE_BYTES_PER_DAY_MAX
    verbose: bool = False
    """Log what goes well too."""

    @property
    def url(self) -> str:
        """The database URL in SQLAlchemy's form."""
        return self.database_url or f"sqlite:///{(self.city / DATABASE).absolute()}"

    def card(self) -> Card:
        """The city's card.

        Raises:
            BadCityFolder: there is none. CardError: it does not verify.
        """
        return read_card(self._read(CARD))

    def signer(self, card: Card) -> Signer:
        """The server's signing key.

        Raises:
            BadCityFolder: there is none, or the card does not name it as a receipt server.
        """
        try:
            signer = Signer(bytes.fromhex(self._read(SERVER_KEY).decode("ascii").strip()))
        except (ValueError, UnicodeDecodeError) as error:
            raise BadCityFolder(f"{SERVER_KEY} is no key") from error
        if signer.public_key not in card.server_keys:
            raise BadCityFolder(f"{SERVER_KEY} is not a receipt key of this city's card")
        return signer

    def _read(self, name: str) -> bytes:
        try:
            return (self.city / name).read_bytes()
        except OSError as error:
            raise BadCityFolder(f"cannot read {self.city / name}: {error.strerror}") from error
