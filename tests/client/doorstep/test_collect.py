"""An appeal that was taken at a door is the resident's: the device that took it cannot open it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from client.keys.vault import Vault
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.doorstep.adopted import Adopted
from client.services.doorstep.carrying import Carrying, NoRoom
from client.services.doorstep.claim import Claims
from client.services.doorstep.collect import Collected, Collecting
from client.services.doorstep.slip_device import SlipDevice
from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.crypto.sealing import box_secret, derive_thread_key, open_sealed, split_sealed
from shared_schema.crypto.slip import new_slip, read_slip, secrets_of_slip
from shared_schema.errors import SealError
from shared_schema.sync.carried import check_request, read_carried
from shared_schema.sync.receive import read_request
from tests.client.city import City, an_appeal, files_of
from tests.client.doorstep.carrier import carrying, durable, threads

PIN = "271828"
SECRET_TEXT = "Прошу оглянути дах: тече в трьох кімнатах."


def collect(replica: Replica, text: str = SECRET_TEXT) -> Collected:
    """An appeal that was taken, and whose slip the resident has."""
    collecting = Collecting(replica, carrying(replica))
    taken = collecting.take(an_appeal(text))
    collecting.handed(taken)
    return taken


def test_the_desk_reads_it_and_the_author_is_the_slip_s_device(city: City) -> None:
    with city.resident("volunteer") as volunteer, city.profile("desk") as office:
        taken = collect(volunteer)
        (thread,) = threads(volunteer)
        city.service.handle(thread.request)
        city.exchange(office)
        (view,) = Desk(office).queue()
        assert (view.record, view.text) == (taken.record, SECRET_TEXT)
        author = read_carried(thread.request).sender
        assert author == SlipDevice(volunteer, secrets_of_slip(taken.slip)).device
        assert author != volunteer.device


def test_what_is_carried_is_a_request_that_any_courier_takes(city: City) -> None:
    with city.resident("volunteer") as volunteer:
        collect(volunteer)
        (thread,) = threads(volunteer)
        check_request(thread.request, volunteer.scopes.id_of.values())
        checked = read_carried(thread.request)
    assert checked.changes == 1
    assert {want.feed for want in checked.outgoing.wants} == {"trust", "mail"}
    assert all(want.explain for want in checked.outgoing.wants)
    assert len(thread.request) < 900


def test_it_is_wrapped_for_the_queue_alone(city: City) -> None:
    with city.resident("volunteer") as volunteer:
        collect(volunteer)
        (thread,) = threads(volunteer)
        (run,) = read_request(thread.request).runs
        change = run.offered[0].change
        assert change is not None
        wraps = split_sealed(change.body).wraps
    queue = city.card.facts.queues[city.card.main_queue]
    assert [number for number, _ in wraps] == [queue.number]


def test_the_volunteer_s_folder_with_its_pin_does_not_open_it(city: City, tmp_path: Path) -> None:
    """A thief has the phone, the PIN and all the time of the world, and tries every key on it."""
    folder = city.folder / "volunteer"
    with Replica.create(folder, city.card.raw, pin=PIN, clock=city.clock) as volunteer:
        taken = collect(volunteer)
        (thread,) = threads(volunteer)
        volunteer.store.rows("SELECT 1")
        shutil.copytree(folder, tmp_path / "while open")
    shutil.copytree(folder, tmp_path / "closed")
    (run,) = read_request(thread.request).runs
    change = run.offered[0].change
    assert change is not None
    for stolen in (tmp_path / "while open", tmp_path / "closed"):
        secrets = Vault.open(stolen, PIN)
        salt = split_sealed(change.body).salt
        for key in (secrets.signing_seed, secrets.thread_secret, secrets.storage_key):
            for tried in (key, derive_thread_key(key, salt), box_secret(key)):
                with pytest.raises(SealError):
                    open_sealed(tried, change.header, change.body)
        with Replica.open(stolen, pin=PIN, clock=city.clock) as thief:
            with pytest.raises(SealError):
                thief.thread_keys.of(change)
            assert thief.threads.own() == []
            assert threads(thief)  # it is there, for whoever could open it
            assert Notes(thief).all("", dict) == {}  # type: ignore[type-var]
            with Claims(thief, carrying(thief), Adopted(thief, Notes(thief))).open(
                " ".join(new_slip(city.card.city).words)
            ) as claimed:
                assert not claimed.found
        assert_nothing_of(taken, files_of(stolen))


def assert_nothing_of(taken: Collected, disk: bytes) -> None:
    secrets = secrets_of_slip(taken.slip)
    traces = [
        taken.slip.secret, secrets.signing_seed, secrets.device_secret, taken.slip.qr.encode(),
        " ".join(taken.slip.words).encode(),
    ]  # fmt: skip
    for word in ("оглянути", "кімнатах"):
        traces += [word.encode(), word.encode("cp1251"), word.encode("utf-16-le")]
    traces += [each.hex().encode() for each in traces[:3]]
    assert [trace for trace in traces if trace in disk] == []


def test_a_new_process_on_the_folder_has_nothing_of_it_in_memory(city: City) -> None:
    """All that a fresh process on the profile holds, against words, secrets and text."""
    folder = city.folder / "volunteer"
    with Replica.create(folder, city.card.raw, pin=PIN, clock=city.clock) as volunteer:
        taken = collect(volunteer)
    program = (
        "import gc, sys\n"
        "from pathlib import Path\n"
        "from client.services.replica import Replica\n"
        "replica = Replica.open(Path(sys.argv[1]), pin=sys.argv[2])\n"
        "replica.threads.own(); replica.grants\n"
        "found = [each for each in gc.get_objects() if isinstance(each, (dict, list, tuple))]\n"
        "sys.stdout.write(repr(found))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), PIN], capture_output=True, check=True
    )
    assert len(done.stdout) > 10_000
    assert_nothing_of(taken, done.stdout)
    assert repr(taken.slip.secret).encode() not in done.stdout


def test_each_appeal_has_a_slip_and_a_device_of_its_own(city: City) -> None:
    """Two neighbours' appeals cannot be told to have come through one volunteer."""
    with city.resident("volunteer") as volunteer:
        one, two = collect(volunteer), collect(volunteer)
        senders = {read_carried(each.request).sender for each in threads(volunteer)}
        raw = b"".join(each.request for each in threads(volunteer))
        assert volunteer.device not in raw
        assert volunteer.signer.public_key not in raw
    assert one.slip.secret != two.slip.secret
    assert len(senders) == 2


def test_nothing_is_saved_when_it_cannot_be_carried(city: City) -> None:
    with city.resident("volunteer") as volunteer:
        before = durable(city.folder / "volunteer")
        full = Carrying(Courier(volunteer, budget_bytes=100))
        with pytest.raises(NoRoom):
            Collecting(volunteer, full).take(an_appeal())
        assert volunteer.threads.own() == []
        assert durable(city.folder / "volunteer") == before


def test_a_key_that_was_rotated_is_used_as_far_as_the_volunteer_has_heard(city: City) -> None:
    """Else an officer who was sent away would read what is collected after."""
    with city.resident("volunteer") as volunteer:
        taken = collect(volunteer)
        with SlipDevice(volunteer, secrets_of_slip(taken.slip)) as device:
            here = device.appeals._replica.grants.key_in_force(city.card.main_queue)
            assert here == volunteer.grants.key_in_force(city.card.main_queue)
    assert read_slip(taken.slip.qr, city.card.city) == taken.slip
