"""What simulated people do. Each act goes through the app's own services."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import NotAllowed, TooLate
from client.services.news import News, Newsroom
from misto.simulation.device import Device
from shared_schema.records.appeal import STATUSES, Amended, Opened
from shared_schema.records.news import Corrected, Priority, Published

Act = Callable[[Device, Random, int], None]


def file_appeal(device: Device, dice: Random, number: int) -> None:
    """A resident opens an appeal."""
    category = dice.choice(("water", "shelter", "roads"))
    opened = Opened("signal", "", f"Звернення {number}", "Третій день немає води.", category)
    Appeals(device.replica).file(opened)


def go_on_with_appeal(device: Device, dice: Random, number: int) -> None:
    """A resident amends, comments on or withdraws an appeal."""
    appeals = Appeals(device.replica)
    mine = appeals.list()
    if not mine:
        return
    view = mine[dice.randrange(len(mine))]
    what = dice.randrange(5)
    try:
        if what == 0:
            appeals.withdraw(view.record)
        elif what == 1:
            appeals.amend(view.record, Amended(f"Уточнення {number}", "Води немає і в сусідів."))
        else:
            appeals.comment(view.record, f"Додаю {number}")
    except TooLate:
        return


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
        desk.reply(view.record, f"Відповідь {number}")


def write_news(device: Device, dice: Random, number: int) -> None:
    """The newsroom publishes, corrects or withdraws."""
    newsroom = Newsroom(device.replica)
    known = News(device.replica).list(limit=100)
    what = dice.randrange(4) if known else 3
    if what == 0:
        newsroom.withdraw(known[dice.randrange(len(known))].record, "помилка")
    elif what == 1:
        record = known[dice.randrange(len(known))].record
        newsroom.correct(record, Corrected(f"Виправлено {number}", "Воду підвезуть о 18:00."))
    else:
        priority: Priority = dice.choice(("normal", "important", "urgent"))
        newsroom.publish(Published(f"Новина {number}", "Воду підвезуть.", priority=priority))


BY_ROLE: Final[dict[str, tuple[Act, ...]]] = {
    "resident": (file_appeal, file_appeal, go_on_with_appeal),
    "desk": (work_at_desk,),
    "newsroom": (write_news,),
}
