"""A town where most devices have never had a network: couriers meet people and each other."""

from __future__ import annotations

import hashlib
from pathlib import Path
from random import Random
from typing import Final

from client.services.replica import Clock
from misto.city import init_city
from misto.simulation.acts import file_appeal, go_on_with_appeal, work_at_desk, write_news
from misto.simulation.couriers.encounters import Encounters
from misto.simulation.couriers.facts import Story
from misto.simulation.couriers.ledger import Ledger
from misto.simulation.couriers.paths import Paths
from misto.simulation.couriers.people import People, Settling, settle
from misto.simulation.couriers.roads import CRASHES, Roads
from misto.simulation.couriers.roll import Roll
from misto.simulation.couriers.slips import PaperSlip, PaperSlips
from misto.simulation.couriers.tight import Tights
from misto.simulation.couriers.walker import Walker
from misto.simulation.device import Act
from misto.simulation.enrolment import Enrolment
from misto.simulation.network import Network
from misto.simulation.server import SimulatedServer

START_MS: Final = 1_790_000_000_000
MS_PER_HOUR: Final = 3_600_000
SKEWS_MS: Final = (0, 0, -37 * 60_000, 12 * 60_000, -5 * 31_557_600_000, 9 * 31_557_600_000)
GUEST_LAST_SEQ_MAX: Final = 3
DELIVERIES_PER_HOUR_MAX: Final = 0.3
"""Every delivery fetches a new reply to each request that is carried, which then spreads."""
MEETINGS_PER_HOUR_MAX: Final = 0.45
"""Of couriers, who hand each other all that they have: in a large town that is much."""
CARELESS: Final = 0.2
"""How likely a courier wipes what has its receipt as soon as the city has it."""
_RESIDENT_ACTS: Final[tuple[Act, ...]] = (file_appeal, file_appeal, go_on_with_appeal)


class Town:
    """The state of a run."""

    def __init__(self, folder: Path, seed: int, devices: int, hours: int) -> None:
        self._dice = Random(seed)
        self._trace = hashlib.sha256()
        self._now = START_MS
        self._acts = 0
        self._authors: dict[bytes, str] = {}
        city = folder / "city"
        card = init_city(city, "Село без мережі", servers=(), districts=())
        self._server = SimulatedServer(city, card, lambda: self._now)
        self.ledger = Ledger(card, lambda: self._server.database)
        self._network = Network(self._server, self._dice, self._note)
        self._enrolment = Enrolment(city, card, self._server)
        guest = self._enrolment.add_guest(folder / "guest", lambda: self._now)
        self.guest_last_seq = self._dice.randrange(1, GUEST_LAST_SEQ_MAX + 1)
        self._guest_device = guest
        self._revoked_at = self._dice.randrange(hours // 4, max(hours * 3 // 4, hours // 4 + 1))
        how = Settling(
            folder, card, self._network, self._clock, self._dice, self.ledger.changes
        )  # fmt: skip
        profiles = city / "profiles"
        offices = {
            "desk": profiles / "desk", "newsroom": profiles / "newsroom", "guest": folder / "guest",
        }  # fmt: skip
        self.people: People = settle(devices, offices, how)
        self._paths = Paths(lambda change: self._authors.get(change, ""))
        strangers = self.people.crooks[0].strangers
        self._roads = Roads(self._dice, self._paths, self._note, strangers)
        self._slips = PaperSlips(
            self._paths,
            self._authors,
            lambda name: self.ledger.mailboxes().get(name, frozenset()),
            self.ledger.changes,
        )
        self._roll = Roll(self.people.desk)
        self._tights = Tights(self.people.tights, self._server, self.ledger.changes, Random(seed))
        self._met = Encounters(
            self.people, self._roads, self._paths, self._slips, self._tights, self._dice, self._note
        )
        for walker in self.people.every:
            self.ledger.know(walker.name, walker.replica.device)
        self._delivered = self._cleared = 0
        self._known_slips: list[PaperSlip] = []

    def hour(self, hour: int) -> None:
        """People write, meet, and some of them reach the server."""
        self._now += MS_PER_HOUR
        self._roads.hour = hour
        self._roads.arrive_late()
        if hour == self._revoked_at:
            self._enrolment.revoke_guest(self._guest_device, self.guest_last_seq)
        people = self.people
        for _ in range(self._times(0.6 + len(people.residents) / 150)):
            self._act(self._dice.choice([*people.residents, *people.couriers]), _RESIDENT_ACTS)
        self._offices()
        for _ in range(self._times(0.5 + len(people.residents) / 40)):
            self._met.visit(self._dice.choice(people.couriers))
        for _ in range(self._times(min(0.4 + len(people.couriers) / 60, MEETINGS_PER_HOUR_MAX))):
            self._met.meet(*self._dice.sample(people.couriers, 2))
        if self._dice.random() < self._met.seldom:
            self._met.meet(*self._dice.sample(people.residents, 2))
        self._doors()
        self._met.crime()
        self._tights.hour()
        often = min(0.12, DELIVERIES_PER_HOUR_MAX / len(people.runners))
        for runner in people.runners:
            if self._dice.random() < often:
                self._deliver(runner)
        for resident in people.connected:
            if self._dice.random() < 0.05:
                self._exchange(resident)
        self._accidents()

    def heal(self) -> None:
        """In the end everybody meets a courier twice, and nothing goes wrong any more.

        Residents still have no network. What the record of paths demands is judged before.
        """
        self._network.heal()
        self._roads.calm = True
        self._roads.arrive_late(everything=True)
        people = self.people
        hub = people.runners[0]
        for _ in range(2):
            self._now += MS_PER_HOUR
            for resident in [*people.residents, *people.couriers]:
                if resident is not hub:
                    self._met.give(resident, hub)
            self._deliver(hub)
            self._exchange(hub)
            for office in people.offices:
                self._exchange(office)
            self._deliver(hub)
            for resident in [*people.residents, *people.couriers]:
                if resident is not hub:
                    self._met.give_back(hub, resident, public=True)
        self._exchange(hub)

    def story(self) -> Story:
        """What the record says so far."""
        return Story(
            self._paths, self.ledger, self._slips, self._roll, self._authors,
            frozenset(self._enrolment.made), tuple(self._server.failures),
            self._guest_device, self.guest_last_seq,
        )  # fmt: skip

    def counts(self) -> dict[str, int]:
        """How much happened."""
        people = self.people
        paths = self._paths
        return {
            "acts": self._acts,
            "handed": self._roads.handed,
            "handed_whole": self._roads.untouched,
            "over_limit": self._roads.over_limit,
            "delivered": self._delivered,
            "device_crashes": sum(walker.crashes for walker in people.every),
            "server_restarts": self._server.restarts,
            "saved": len(self._authors),
            "slips": len(self._slips.every),
            "claims": self._met.claims,
            "slips_lost": self._slips.lost,
            "joined": len(self._roll.joined),
            "dismissed": len(self._roll.dismissed),
            "cleared": self._cleared,
            "delivered_by_tight": self._tights.delivered,
            "junk": sum(len(crook.said) for crook in people.crooks),
            "changes_with_a_path": len(paths.on_server),
            "receipts_with_a_path": sum(map(len, paths.settled.values())),
            "replies_with_a_path": sum(map(len, paths.mail.values())),
        }

    def trace_digest(self) -> str:
        """The digest of every decision and outcome so far."""
        return self._trace.hexdigest()

    def close(self) -> None:
        """Put everything down."""
        for walker in self.people.every:
            walker.close()
        self.ledger.close()
        self._server.close()

    def _deliver(self, runner: Walker) -> None:
        crash = self._dice.random() < CRASHES and not self._roads.calm
        if crash:
            runner.deliver_and_crash()
            return
        done = runner.deliver()
        if done is None:
            return
        self._delivered += 1
        public = self._public() if done.posted else frozenset()
        self._paths.delivered(runner.name, self.ledger.mailboxes(), public)
        self._note(f"{runner.name} {done}")
        if self._dice.random() < CARELESS and not self._roads.calm:
            self._clear(runner)

    def _exchange(self, walker: Walker) -> None:
        ended = walker.exchange()
        walker.look()
        self._note(f"{walker.name} {ended}")
        if "pulled" in ended:
            mailbox = self.ledger.mailboxes().get(walker.name, frozenset())
            self._paths.exchanged(walker.name, mailbox, self._public())

    def _doors(self) -> None:
        """Appeals are taken at doors, slips are claimed, and volunteers come and go."""
        people = self.people
        for what in (self._met.collect, self._met.claim):
            for _ in range(self._times(0.12 + len(people.residents) / 1500)):
                self._acts += 1
                what(self._acts)
                self._learn_slips()
        for walker, act, often in (
            (people.desk, self._roll.invite, 0.06), (people.desk, self._roll.dismiss, 0.02),
            (self._dice.choice(people.couriers), self._roll.join, 0.1),
        ):  # fmt: skip
            if self._dice.random() < often:
                self._act(walker, (act,), crash=False)

    def _learn_slips(self) -> None:
        for slip in self._slips.every[len(self._known_slips) :]:
            self._known_slips.append(slip)
            self.ledger.know(slip.name, slip.device)

    def _offices(self) -> None:
        people = self.people
        for office, act in (
            (people.desk, work_at_desk), (people.newsroom, write_news), (people.guest, write_news),
        ):  # fmt: skip
            if self._dice.random() < (0.25 if office is people.desk else 0.06):
                self._act(office, (act,))
            if self._dice.random() < 0.3:
                self._exchange(office)

    def _act(self, walker: Walker, acts: tuple[Act, ...], *, crash: bool | None = None) -> None:
        self._acts += 1
        act = self._dice.choice(acts)
        crash = self._dice.random() < CRASHES if crash is None else crash
        ended = walker.act_safely(act, self._acts, crash=crash)
        self._authors.update(dict.fromkeys(walker.made, walker.name))
        self._note(f"{walker.name} {act.__name__} {ended}")

    def _accidents(self) -> None:
        """Now and then the power fails at rest, and a courier tidies up."""
        if self._dice.random() < 0.15:
            walker = self._dice.choice(self.people.honest)
            walker.crash()
            walker.look()
        for courier in self.people.couriers:
            if self._dice.random() < 0.012:
                self._clear(courier)

    def _clear(self, courier: Walker) -> None:
        kept = courier.clear()
        self._cleared += 1
        self._paths.cleared(courier.name, self.ledger.changes())
        self._note(f"{courier.name} cleared, {kept} kept")

    def _public(self) -> frozenset[bytes]:
        """Trust, and the news that do not depend on the guest, who may be revoked."""
        public = self.ledger.public() - self._roll.contested()
        return frozenset(each for each in public if self._authors.get(each) != "guest")

    def _times(self, mean: float) -> int:
        whole = int(mean)
        return whole + (self._dice.random() < mean - whole)

    def _clock(self, name: str) -> Clock:
        """Residents' clocks may be years wrong; the offices' are right."""
        offices = ("desk", "newsroom", "guest")
        skew = 0 if name in offices else self._dice.choice(SKEWS_MS)
        return lambda: max(self._now + skew, 0)

    def _note(self, line: str) -> None:
        self._trace.update(line.encode() + b"\n")
