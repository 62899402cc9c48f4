"""Until it is handed over, a slip survives the phone's end; after that it is nowhere here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from client.keys.vault import Vault
from client.services.appeals import Appeals
from client.services.backup import export_own, import_own
from client.services.courier.courier import Courier
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying, NoRoom
from client.services.doorstep.claim import Claims
from client.services.doorstep.collect import HANDING, Collected, Collecting
from client.services.notes import Notes
from client.services.replica import Replica
from tests.client.city import City, an_appeal, files_of
from tests.client.doorstep.carrier import carrying, threads

PIN = "271828"


def collecting(replica: Replica) -> Collecting:
    return Collecting(replica, carrying(replica))


def opens(replica: Replica, taken: Collected) -> bool:
    claims = Claims(replica, carrying(replica), Adopted(replica, Notes(replica)))
    with claims.open(" ".join(taken.slip.words)) as claimed:
        return [view.record for view in claimed.views()] == [taken.record]


def sealed(replica: Replica) -> list[bytes]:
    sql = "SELECT sealed FROM sealed_notes WHERE name LIKE ?"
    return [row[0] for row in replica.store.rows(sql, (HANDING + "%",))]


def test_a_phone_that_dies_before_the_slip_is_handed_over_shows_it_again(city: City) -> None:
    """What lies on the disk at the moment of the save is all that the next start has."""
    with city.resident("volunteer") as volunteer:
        taken = collecting(volunteer).take(an_appeal())
        shutil.copytree(city.folder / "volunteer", city.folder / "after the crash")
    with city.resident("after the crash") as volunteer:
        assert collecting(volunteer).unhanded() == [taken]
        assert opens(volunteer, taken)


def test_a_slip_is_asked_for_until_it_was_handed_over_and_each_one_apart(city: City) -> None:
    with city.resident("volunteer") as volunteer:
        here = collecting(volunteer)
        one, two = here.take(an_appeal()), here.take(an_appeal())
        here.handed(one)
        here.handed(one)  # a second, impatient tap
        assert here.unhanded() == [two]
    with city.resident("volunteer") as volunteer:
        assert collecting(volunteer).unhanded() == [two]
        collecting(volunteer).handed(two)
        assert collecting(volunteer).unhanded() == []
        assert len(threads(volunteer)) == 2, "both appeals are on their way as ever"


@pytest.mark.parametrize("delivered", [False, True])
def test_once_handed_over_the_whole_folder_and_its_pin_do_not_open_it(
    city: City, tmp_path: Path, *, delivered: bool
) -> None:
    """Not the note, not what it was sealed to, not in the journal, with the app open or closed."""
    folder = city.folder / "volunteer"
    with Replica.create(folder, city.card.raw, pin=PIN, clock=city.clock) as volunteer:
        taken = collecting(volunteer).take(an_appeal())
        Appeals(volunteer).file(an_appeal("Моє власне."))  # the journal goes on meanwhile
        (note,) = sealed(volunteer)
        if delivered:
            Courier(volunteer).deliver(city.doors())
        assert note in files_of(folder), "else this test would look for nothing"
        collecting(volunteer).handed(taken)
        shutil.copytree(folder, tmp_path / "while open")
    shutil.copytree(folder, tmp_path / "closed")
    for stolen in (tmp_path / "while open", tmp_path / "closed"):
        disk = files_of(stolen)
        assert note not in disk
        assert note[12:60] not in disk, "nor its beginning, without the nonce"
        assert Vault.open(stolen, PIN).storage_key  # the thief has the key, and nothing under it
        with Replica.open(stolen, pin=PIN, clock=city.clock) as thief:
            assert collecting(thief).unhanded() == []
            assert sealed(thief) == []


def test_appeal_and_slip_are_saved_together_or_not_at_all(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident("volunteer") as volunteer:
        full = Collecting(volunteer, Carrying(Courier(volunteer, budget_bytes=100)))
        with pytest.raises(NoRoom):
            full.take(an_appeal())
        assert collecting(volunteer).unhanded() == []

        def failing(self: Notes, name: str, note: object) -> None:
            raise OSError("the disk")

        monkeypatch.setattr(Notes, "put", failing)
        with pytest.raises(OSError, match="the disk"):
            collecting(volunteer).take(an_appeal())
        assert threads(volunteer) == []


def test_a_slip_on_its_way_to_its_owner_is_no_part_of_the_volunteer_s_own_data(
    city: City,
) -> None:
    with city.resident("volunteer") as volunteer:
        collecting(volunteer).take(an_appeal())
        raw = export_own(volunteer, "сім кошенят їдуть")
    with import_own(city.folder / "new", raw, "сім кошенят їдуть") as new:
        assert collecting(new).unhanded() == []
