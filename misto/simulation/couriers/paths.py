"""Paths over time: what must have come where, by the meetings in which it really went along.

A record kept beside the devices. It knows only who met whom and that a bundle arrived whole, never
what a device did with it; so it says what honest carrying amounts to, and the devices are held to
that. It is a lower bound: a bundle that was lost, cut or touched, a take in which the power failed
and a post without an answer count for nothing, though something of them may have come through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Mail = tuple[str, bytes]
"""A reply of the desk: its addressee's name, and its id."""


class Load(NamedTuple):
    """What goes along when a device hands on all that it has."""

    changes: frozenset[bytes] = frozenset()
    """Changes that wait for the city's verdict, by id."""
    tickets: frozenset[str] = frozenset()
    """Whose requests are among it: each one is a ticket to its sender's mailbox."""
    receipts: frozenset[bytes] = frozenset()
    """Changes on whose verdict the city's reply goes along."""
    mail: frozenset[Mail] = frozenset()
    public: frozenset[bytes] = frozenset()
    """Trust and news."""

    def __or__(self, other: object) -> Load:
        """Both together."""
        if not isinstance(other, Load):
            return NotImplemented
        return Load(
            self.changes | other.changes,
            self.tickets | other.tickets,
            self.receipts | other.receipts,
            self.mail | other.mail,
            self.public | other.public,
        )


@dataclass(slots=True)
class Paths:
    """What is where by right, and what must have arrived."""

    author_of: Callable[[bytes], str]
    """Who made a change, by its id."""
    holds: dict[str, Load] = field(default_factory=lambda: defaultdict(Load))
    on_server: set[bytes] = field(default_factory=set)
    """Changes that a path has brought to the city."""
    settled: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """By author: own changes whose receipt a path has brought back."""
    mail: dict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    """By addressee: replies of the desk that a path has brought."""

    def load_of(self, giver: str, waiting: frozenset[bytes], asks: bool) -> Load:
        """What goes along when `giver` hands on everything now, its own waiting changes included.

        `asks` says whether it has anything to ask the city for, so that there is a request of it.
        """
        held = self.holds[giver]
        ticket = frozenset({giver}) if asks else frozenset()
        return held._replace(changes=held.changes | waiting, tickets=held.tickets | ticket)

    def back_to(self, giver: str, sender: str) -> Load:
        """What goes along when only the replies for one device are handed back."""
        held = self.holds[giver]
        mine = frozenset(each for each in held.receipts if self.author_of(each) == sender)
        return Load(receipts=mine, mail=frozenset(each for each in held.mail if each[0] == sender))

    def of(self, name: str, author: str) -> Load:
        """What a device holds that one author has said, or is to hear."""
        held = self.holds[name]
        return self.back_to(name, author)._replace(
            changes=frozenset(each for each in held.changes if self.author_of(each) == author)
        )

    def wrote(self, name: str, author: str, changes: frozenset[bytes]) -> None:
        """At this device somebody said something as another author, and it is carried there."""
        self.holds[name] |= Load(changes, frozenset({author}))

    def looked(
        self, name: str, author: str, said: frozenset[bytes], mail: frozenset[bytes]
    ) -> Load:
        """At this device somebody has asked the city about another author's words, to the end.

        Returns what is known of them by now. It stays at the device if they are carried there.
        """
        self.on_server |= said
        known = Load(said, receipts=said, mail=frozenset((author, each) for each in mail))
        if author in self.holds[name].tickets:
            self.holds[name] |= known
        return known

    def handed(self, load: Load, taker: str) -> None:
        """It has arrived whole. What is the taker's own stays there; the rest may go on."""
        own = {each for each in load.receipts if self.author_of(each) == taker}
        self.settled[taker] |= own
        self.mail[taker] |= {change for name, change in load.mail if name == taker}
        kept = load._replace(
            changes=frozenset(each for each in load.changes if self.author_of(each) != taker),
            tickets=load.tickets - {taker},
            receipts=load.receipts - own,
            mail=frozenset(each for each in load.mail if each[0] != taker),
        )
        self.holds[taker] |= kept

    def delivered(
        self, name: str, mailboxes: Mapping[str, frozenset[bytes]], public: frozenset[bytes]
    ) -> None:
        """A courier has posted all that it carries, and has got the city's replies."""
        held = self.holds[name]
        self.on_server |= held.changes
        mail = {(who, each) for who in held.tickets for each in mailboxes.get(who, ())}
        self.holds[name] = held | Load(
            receipts=held.changes,
            mail=frozenset(mail),
            public=public if held.tickets else frozenset(),
        )

    def exchanged(self, name: str, mailbox: frozenset[bytes], public: frozenset[bytes]) -> None:
        """A device has exchanged with the city itself, to the end."""
        self.mail[name] |= mailbox
        self.holds[name] |= Load(public=public)

    def cleared(self, name: str, on_server: frozenset[bytes]) -> None:
        """A courier has wiped what has its receipt. What the city has not, it must still carry."""
        held = self.holds[name]
        self.holds[name] = Load(changes=held.changes - on_server, public=held.public)
