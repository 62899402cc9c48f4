"""What simulated people do. Each act goes through the app's own services."""

from __future__ import annotations

from random import Random
from typing import Final

from client.services.appeals import Appeals
from client.services.authoring import save
from client.services.desk import Desk
from client.services.errors import NotAllowed, SecondPerson, TooLate
from client.services.news import News, Newsroom
from client.services.types import AppealView
from client.storage.log import append_own, own_tip
from misto.simulation.device import Act, Device
from shared_schema.ids import queue_scope
from shared_schema.records.appeal import STATUSES, Amended, Opened, Replied
from shared_schema.records.kinds import BY_NAME
from shared_schema.records.news import Corrected, Priority, Published
from shared_schema.sync.change import Draft, Place, finish, header_of
from shared_schema.sync.hlc import next_time

PRIVATE: Final = "тавро-приватне"
"""In every text that only the desk and the author may read, to be searched for on disks."""
PUBLIC: Final = "Воду підвезуть."
_NEXT_VERSION: Final = 9


def file_appeal(device: Device, dice: Random, number: int) -> None:
    """A resident opens an appeal."""
    category = dice.choice(("water", "shelter", "roads"))
    opened = Opened(
        "signal", "", f"Звернення {number}", f"{PRIVATE} Третій день немає води.", category
    )
    Appeals(device.replica).file(opened)


def go_on_with_appeal(device: Device, dice: Random, number: int) -> None:
    """A resident amends, comments on or withdraws an appeal."""
    view = _one_of_mine(device, dice)
    if view is None:
        return
    appeals = Appeals(device.replica)
    what = dice.randrange(5)
    try:
        if what == 0:
            appeals.withdraw(view.record)
        elif what == 1:
            appeals.amend(view.record, Amended(f"Уточнення {number}", f"{PRIVATE} Води немає."))
        else:
            appeals.comment(view.record, f"Додаю {number} {PRIVATE}")
    except TooLate:
        return


def answer_oneself(device: Device, dice: Random, number: int) -> None:
    """A tampered app speaks as the desk in its own thread: to be refused, alone."""
    view = _one_of_mine(device, dice)
    if view is not None:
        scope = queue_scope(device.replica.card.main_queue)
        reply = Replied(f"Усе вирішено {number}")
        save(device.replica, reply, scope=scope, record=bytes.fromhex(view.record))


def speak_newer(device: Device, dice: Random, number: int) -> None:
    """An app of the next version says what nobody here can read yet: to be held and kept."""
    replica = device.replica
    scope = replica.scopes.id_of[queue_scope(replica.card.main_queue)]
    draft = Draft(BY_NAME["appeal.opened"].number, _NEXT_VERSION, None, True)
    with replica.store.writing() as connection:
        tip = own_tip(connection, scope)
        place = Place(scope, tip.seq + 1, tip.id, next_time(tip.time, replica.clock()))
        body = f"newer {number} {dice.random()}".encode()
        header = header_of(replica.device, place, draft)
        append_own(connection, finish(replica.signer, header, body))


def work_at_desk(device: Device, dice: Random, number: int) -> None:
    """A desk registers, sets a status, or replies."""
    desk = Desk(device.replica)
    try:
        queue = desk.queue(limit=100)
    except NotAllowed:  # the grant of this desk has not reached it yet
        return
    if not queue:
        return
    view = queue[dice.randrange(len(queue))]
    what = dice.randrange(3)
    if what == 0:
        desk.register(view.record, f"Ж-{number}")
    elif what == 1:
        desk.set_status(view.record, dice.choice(STATUSES))
    else:
        desk.reply(view.record, f"Відповідь {number} {PRIVATE}")


def write_news(device: Device, dice: Random, number: int) -> None:
    """A newsroom publishes, corrects or withdraws, if it may."""
    newsroom = Newsroom(device.replica)
    known = News(device.replica).list(limit=100)
    what = dice.randrange(5) if known else 3
    try:
        if what == 4:
            for alert in newsroom.awaiting()[:1]:
                newsroom.confirm(alert.record, alert)
        elif what == 0:
            newsroom.withdraw(known[dice.randrange(len(known))].record, "помилка")
        elif what == 1:
            record = known[dice.randrange(len(known))].record
            newsroom.correct(record, Corrected(f"Виправлено {number}", "Воду підвезуть о 18:00."))
        else:
            priority: Priority = dice.choice(("normal", "important", "urgent"))
            newsroom.publish(Published(f"Новина {number}", PUBLIC, priority=priority))
    except SecondPerson:  # nobody signs for themselves
        return
    except NotAllowed:  # a guest that was not granted yet, or has heard of its revocation
        return


def _one_of_mine(device: Device, dice: Random) -> AppealView | None:
    mine = Appeals(device.replica).list()
    return mine[dice.randrange(len(mine))] if mine else None


BY_ROLE: Final[dict[str, tuple[Act, ...]]] = {
    "resident": (
        *(file_appeal,) * 6,
        *(go_on_with_appeal,) * 5,
        answer_oneself,
        speak_newer,
    ),
    # Two devices with the same keys never hear of each other's comments: each opens its own.
    "cloned": (file_appeal,),
    "desk": (work_at_desk,),
    "newsroom": (write_news,),
}
