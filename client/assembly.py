"""The services of an opened device, put together: one replica, one exchange, one projection.

Everything heavy (cryptography, SQLAlchemy) loads with this module, so the app imports it in a
thread, after its first frame is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from client.branding import read_branding
from client.i18n.dates import zone_named
from client.scheduler import ExchangeScheduler, Rhythm
from client.services.courier.beside import Beside
from client.services.courier.courier import Courier
from client.services.courier.types import Delivered
from client.services.doorstep.collect import unhanded
from client.services.doorstep.doorstep import Doorstep
from client.services.drafts import Drafts
from client.services.exchange import Exchange
from client.services.guide import Guide
from client.services.guide_table import GuideTable
from client.services.handover import Handover
from client.services.news import News, Newsroom
from client.services.news_drafts import NewsDrafts
from client.services.notes import Notes
from client.services.office.audit import Audit
from client.services.office.clock import Clock
from client.services.office.endpoint import Endpoint
from client.services.office.live import Live
from client.services.office.office import Office
from client.services.office.open311 import Agency
from client.services.office.publishing import Publisher
from client.services.office.reporting import Reporting
from client.services.office.workdays import load_workdays
from client.services.own import Own
from client.services.paced import Carrying, PacedExchange
from client.services.prefs import Prefs
from client.services.replica import Replica
from client.services.rounds.rounds import Rounds
from client.services.scanning.scanner import Scanner
from client.services.volunteers import Volunteers
from client.services.witness import Witness
from client.transports.http import HttpTransport
from client.viewmodels.ports import Services
from client.viewmodels.report_ports import ReportsPort
from shared_schema.records.appeal import Opened


def open_device(
    folder: Path, server: str | None, pin: str | None, every_s: float | None = None
) -> Services:
    """Open the replica and put its services together.

    Args:
        server: the address to exchange with; the city card's first one when None.
        every_s: how often a visible window exchanges by itself; the usual rhythm when None.

    Raises:
        NoProfile, VaultError, DamagedDatabase: it cannot be opened; see `Replica.open`.
    """
    replica = Replica.open(folder, pin=pin)
    transport = HttpTransport(server or replica.server)
    notes, guide = Notes(replica), Guide(replica)
    prefs, volunteers = Prefs(notes), Volunteers(replica, notes)
    own = Own(replica, prefs, Handover(replica, notes))
    rhythm = Rhythm() if every_s is None else Rhythm(visible_s=every_s)
    courier, plain = Courier(replica), Exchange(replica, transport)
    paced = PacedExchange(plain, prefs, own, Carrying(courier, transport))
    rounds = Rounds(notes, courier, guide, replica.clock, lambda: unhanded(notes))
    doorstep = Doorstep(courier, notes, transport, _door_marked(rounds, volunteers))
    exchange = doorstep.exchanging(paced)
    office = Office(replica, zone_named(read_branding().time_zone))
    reports = _reports(replica, notes, guide, office)
    deliver, beside = _delivering(plain, courier, transport), Beside(courier)

    def close() -> None:
        beside.shut()
        reports.endpoint.stop()
        transport.close()
        doorstep.close()
        replica.close()

    return Services(
        city=replica.card.facts.name,
        districts=replica.card.facts.districts,
        roles=replica.roles,
        news=News(replica),
        newsroom=Newsroom(replica),
        news_drafts=NewsDrafts(notes, replica.clock),
        guide_desk=GuideTable(replica, guide),
        appeals=doorstep.appeals,
        doorstep=doorstep,
        volunteers=volunteers,
        rounds=rounds,
        hand_in=lambda: rounds.hand_in(deliver),
        office=office,
        reports=reports,
        guide=guide,
        drafts=Drafts(notes, replica.clock),
        prefs=prefs,
        own=own,
        beside=beside,
        scanner=Scanner(replica.card.city),
        witness=Witness(replica),
        scheduler=lambda on_state: ExchangeScheduler(exchange, on_state, rhythm),
        sync_state=exchange.state,
        close=close,
    )


def _door_marked(rounds: Rounds, volunteers: Volunteers) -> Callable[[Opened, str], object]:
    """A volunteer who has taken an appeal has been at that door, and brings the reply there."""

    def mark(opened: Opened, sender: str) -> None:
        where = opened.residence or opened.address
        if where and volunteers.membership() is not None:
            rounds.collected(where, sender)

    return mark


def _delivering(
    exchange: Exchange, courier: Courier, transport: HttpTransport
) -> Callable[[], Delivered]:
    """What is one's own first, then what is carried; an exchange of the app would do both."""

    def deliver() -> Delivered:
        exchange.once()
        return courier.deliver(transport)

    return deliver


def _reports(replica: Replica, notes: Notes, guide: Guide, office: Office) -> ReportsPort:
    """The room with reports, over the office's projection: filled when somebody first looks."""

    look, facts = read_branding(), replica.card.facts
    clock = Clock(zone_named(look.time_zone), load_workdays())
    live = Live(office.cases, office.refresh, clock, replica.clock)
    agency = Agency(facts.name, frozenset(facts.districts))
    publisher = Publisher(live, notes, agency, look.language)
    return ReportsPort(
        figures=Reporting(live, guide),
        publishing=publisher,
        endpoint=Endpoint(publisher.snapshot),
        audit=Audit(replica, live.fresh),
    )
