"""A replica: one installation with its local database, in a folder of its own.

The folder holds `card.json`, `device.keys` and `replica.db` (with SQLite's WAL beside it); nothing
else is durable. A replica is made without any network and can file appeals at once; the trust
changes in the card tell it who the desk and the newsroom are before it has ever been connected.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Final

from client.keys.vault import FILE_NAME, DeviceSecrets, Vault, write_durably
from client.services.judging import rejudge_newer
from client.services.thread_keys import ThreadKeys
from client.services.threads import Threads
from client.services.trust import LocalFacts, Scopes, read_grants
from client.storage import feeds
from client.storage.db import Store
from client.storage.errors import files_named
from client.storage.log import Pulled, append_pulled, author_number, opening_of
from client.storage.salvage import with_what_can_be_saved
from shared_schema.crypto.card import Card, read_card
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import MAIL, NEWS, TRUST, feed_id
from shared_schema.records.trust import Grants
from shared_schema.sync.card_trust import trust_of
from shared_schema.sync.policy import Opening

CARD: Final = "card.json"
DATABASE: Final = "replica.db"
Clock = Callable[[], int]


class ProfileExists(MistoError):
    """There is a device in this folder already; its keys are never overwritten."""

    code = "profile_exists"


class NoProfile(MistoError):
    """There is no device in this folder."""

    code = "no_profile"


def system_ms() -> int:
    """The wall clock in Unix milliseconds. It may be wrong by ten years, and nothing breaks."""
    return time.time_ns() // 1_000_000


class Replica:
    """An open profile. Safe to use from several threads; a context manager."""

    def __init__(
        self, folder: Path, card: Card, secrets: DeviceSecrets, store: Store, clock: Clock
    ) -> None:
        self.folder = folder
        self.card = card
        self.secrets = secrets
        self.store = store
        self.clock = clock
        self.signer = Signer(secrets.signing_seed)
        self.device = self.signer.device
        self.scopes = Scopes(card)
        self.thread_keys = ThreadKeys(self.device, secrets, card)
        self.threads = Threads(self)
        self.exchanging = threading.Lock()
        self.handed: dict[bytes, int] = {}
        """Own changes given to a courier, by id, with the moment; see `handover`."""
        self._grants: Grants | None = None
        self._grants_version = 0

    @classmethod
    def create(
        cls,
        folder: Path,
        card: bytes,
        *,
        pin: str | None = None,
        secrets: DeviceSecrets | None = None,
        clock: Clock = system_ms,
    ) -> Replica:
        """Make a device in a folder: keys and database, no network needed.

        The key file comes last: a folder without it is no profile yet, and is made anew.

        Raises:
            ProfileExists: there is a device in it. CardError: the card does not verify.
        """
        city = read_card(card)
        if (folder / FILE_NAME).exists():
            raise ProfileExists(str(folder))
        own = secrets or DeviceSecrets.generate()
        with files_named():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for stale in folder.glob(f"{DATABASE}*"):
                stale.unlink()
            write_durably(folder / CARD, card, 0o644)
            replica = cls(folder, city, own, Store.create(folder / DATABASE), clock)
            try:
                replica.begin()
                Vault.create(folder, own, pin)
            except BaseException:
                replica.close()
                raise
        return replica

    @classmethod
    def open(cls, folder: Path, *, pin: str | None = None, clock: Clock = system_ms) -> Replica:
        """Open the device in a folder.

        Raises:
            NoProfile: there is none. VaultLocked, WrongPin: its secrets are locked with a PIN.
            DamagedDatabase: with how much can be saved; see `inspect` and `rescue`.
        """
        if not (folder / FILE_NAME).exists():
            raise NoProfile(str(folder))
        secrets = Vault.open(folder, pin)
        try:
            card = read_card((folder / CARD).read_bytes())
        except OSError as error:
            raise NoProfile(f"no {CARD} in {folder}") from error
        with with_what_can_be_saved(folder / DATABASE):
            replica = cls(folder, card, secrets, Store.open(folder / DATABASE), clock)
            rejudge_newer(replica)
        return replica

    @property
    def grants(self) -> Grants:
        """The grants in force, as far as this replica has heard.

        Another process on the same profile may have pulled new ones: SQLite's `data_version` says
        whether anybody else has written since.
        """
        with self.store.holding() as connection:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            if self._grants is None or version != self._grants_version:
                self._grants = read_grants(connection, self.card, self.scopes)
                self._grants_version = version
                self.thread_keys.learn(self._grants)
            return self._grants

    def forget_grants(self) -> None:
        """Fold the trust scope anew when asked next: it changed, or a change of it was undone."""
        self._grants = None

    @cached_property
    def server(self) -> str:
        """The first address that the city card names, or nothing."""
        return next(iter(self.card.facts.servers), "")

    def facts(self) -> LocalFacts:
        """What the judge may ask; openings are looked up in the log."""
        return LocalFacts(self.card, self.scopes, self.grants, self._opening)

    def roles(self) -> set[tuple[str, str]]:
        """The roles that this device has been granted and still has, as (role, scope name)."""
        grants = self.grants
        mine = {scope for device, scope in grants.roles if device == self.device}
        found = ((grants.role(self.device, scope), scope) for scope in mine)
        return {(role, scope) for role, scope in found if role is not None}

    def followed(self) -> dict[str, bytes]:
        """The feeds that this device follows, by name: everybody's, its mailbox, its queues."""
        desks = sorted(scope for role, scope in self.roles() if role == "desk")
        city = self.card.city
        return {name: feed_id(city, name, self.device) for name in (TRUST, NEWS, MAIL, *desks)}

    def close(self) -> None:
        """Close the database. Nothing is saved here: everything was, when it was said to be."""
        self.store.close()

    def __enter__(self) -> Replica:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _opening(self, record: bytes) -> Opening | None:
        with self.store.holding() as connection:
            opened = opening_of(connection, record)
        return Opening(opened.scope, opened.device) if opened else None

    def begin(self) -> None:
        """Put this device and the card's trust changes into a new database."""
        with self.store.writing() as connection:
            author_number(connection, self.signer.public_key)
            append_pulled(
                connection,
                [
                    Pulled(author_number(connection, key), change)
                    for key, change in trust_of(self.card)
                ],
            )
            feeds.ensure(connection, self.followed())
