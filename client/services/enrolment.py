"""Enrolment: whoever holds the enrolment key gives roles to devices, ends them, and rotates keys.

All of it is said in the trust scope and travels like every other change. A new queue secret is made
here, wrapped to the box keys of the officers who are to have it, and forgotten: this device opens
no appeals. What is older than an officer is handed on from the device of a desk that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final, NamedTuple

from client.services.authoring import save
from client.services.errors import NotAllowed, NotGrantable
from client.services.replica import Replica
from shared_schema.crypto.sealing import (
    new_queue_secret,
    queue_public_key,
    wrap_queue_secret,
)
from shared_schema.errors import SealError
from shared_schema.ids import (
    NEWS,
    PUBLIC_KEY_BYTES,
    QUEUE_PREFIX,
    TRUST,
    device_id,
    queue_scope,
)
from shared_schema.limits import KEY_NUMBER_MAX, KEYED_WRAPS_MAX
from shared_schema.records.trust import Granted, Keyed, Revoked, Role, Wrap
from shared_schema.sync.change import Change

_LAST_SEQ: Final = (
    "SELECT coalesce(max(c.seq), 0) FROM changes c JOIN devices d ON d.id = c.author"
    " WHERE d.device = ? AND c.scope = ? AND c.state NOT IN (0, 2)"
)


class Rotation(NamedTuple):
    """A queue's new key, and who is to open what is sealed to it."""

    queue: str
    number: int
    officers: tuple[bytes, ...]
    left_out: tuple[bytes, ...]
    """Officers without a usable box key: they cannot open what comes from now on."""


class Revocation(NamedTuple):
    """What was said to end a role."""

    change: Change
    last_seq: int
    rotation: Rotation | None
    """None for a newsroom, and when nobody is left who could open the queue."""


class Enrolment:
    """What the enrolment key may do. Everything is saved durably before it is returned."""

    def __init__(self, replica: Replica) -> None:
        """Raises NotAllowed when the card does not name this device as an enrolment key."""
        if replica.device not in replica.card.enrolment_devices:
            raise NotAllowed("enrolment")
        self._replica = replica

    def grant(
        self, public_key: bytes, box: bytes, role: Role, scope: str, label: str = ""
    ) -> Change:
        """Give a device a role in a scope.

        Args:
            box: the device's public box key; a newsroom may do without (empty).

        Raises:
            NotGrantable: the role has nothing to do in that scope, a key is not usable, or the
            device's role there was ended, which is for good.
        """
        self._check_scope(role, scope)
        device = _device_of(public_key)
        if (device, scope) in self._replica.grants.cuts:
            raise NotGrantable("this device was revoked there: that is final, it needs new keys")
        if box or role == "desk":
            _check_box(device, box)
        payload = Granted(public_key.hex(), role, scope, label, box.hex())
        return save(self._replica, payload, scope=TRUST)

    def revoke(
        self,
        device: bytes,
        role: Role,
        scope: str,
        *,
        seen_by: Replica | None = None,
        last_seq: int | None = None,
    ) -> Revocation:
        """End a device's role; for a desk the queue's key is rotated in the same breath.

        What the device has said in the scope up to `last_seq` still counts. Left out, it is the
        last that is known of it here, or to `seen_by`: this device does not follow queues.

        Args:
            seen_by: the replica of a desk of that queue, which knows what came from the device.

        Raises:
            NotGrantable: it has no such role, or nothing says what of its work is to count.
        """
        self._check_scope(role, scope)
        if self._replica.grants.role(device, scope) != role:
            raise NotGrantable("this device has no such role there")
        last = self._last_seq(device, scope, seen_by) if last_seq is None else last_seq
        with self.together():
            payload = Revoked(device.hex(), role, scope, last)
            change = save(self._replica, payload, scope=TRUST)
            rotation = None
            if role == "desk":
                with suppress(NotGrantable):  # whatever is wrong with the others, it goes
                    rotation = self.rotate(scope.removeprefix(QUEUE_PREFIX))
        return Revocation(change, last, rotation)

    def rotate(self, queue: str) -> Rotation:
        """Give a queue a new key, and its secret to all officers in force, to nobody else.

        Raises:
            NotGrantable: no officer has a box key, so nobody could open what comes; or the numbers
            are used up.
        """
        secret, number = new_queue_secret(), self._next_number()
        boxes = self._boxes(queue)
        wraps = list(_wraps(queue, secret, number, boxes.items()))
        if not wraps:
            raise NotGrantable("no officer of this queue has a box key to hand the new key to")
        self._hand_out(queue, number, queue_public_key(secret), wraps)
        given = {bytes.fromhex(wrap.device) for wrap in wraps}
        everybody = self._replica.grants.officers(queue_scope(queue))
        left_out = tuple(device for device in everybody if device not in given)
        return Rotation(queue, number, tuple(sorted(given)), left_out)

    def share(self, queue: str, from_desk: Replica, device: bytes) -> tuple[int, ...]:
        """Hand a new officer the queue's secrets that a desk has; the numbers of the keys.

        So it opens what came before it. Keys that it was handed already are left out.

        Raises:
            NotGrantable: it is no officer of this queue, has no box key, or that desk has no key.
        """
        if device not in self._boxes(queue):
            raise NotGrantable("this device is no officer of the queue with a box key")
        grants, wanted = self._replica.grants, self._shareable(queue, from_desk)
        if not wanted:
            raise NotGrantable("that desk has no key of this queue")
        new = [each for each in wanted if device not in grants.keys[queue][each].wraps]
        with self.together():
            for number in new:
                boxes = ((device, grants.boxes[device]),)
                wraps = list(_wraps(queue, wanted[number], number, boxes))
                self._hand_out(queue, number, queue_public_key(wanted[number]), wraps)
        return tuple(new)

    def _shareable(self, queue: str, desk: Replica) -> dict[int, bytes]:
        """The secrets of the desk, of those keys of the queue that count."""
        desk.thread_keys.learn(desk.grants)
        known = self._replica.grants.keys[queue]
        return {
            number: secret
            for number, secret in sorted(desk.thread_keys.secrets(queue).items())
            if number in known and known[number].public_key == queue_public_key(secret)
        }

    def _hand_out(self, queue: str, number: int, key: bytes, wraps: Sequence[Wrap]) -> None:
        with self.together():
            for start in range(0, len(wraps), KEYED_WRAPS_MAX):
                some = list(wraps[start : start + KEYED_WRAPS_MAX])
                save(self._replica, Keyed(queue, number, key.hex(), some), scope=TRUST)

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is said in here is saved, or nothing of it."""
        try:
            with self._replica.store.writing():
                yield
        except BaseException:
            self._replica.forget_grants()
            raise

    def _next_number(self) -> int:
        """Numbers are unique in a city, so a wrap's number alone says which key it is for."""
        number = max(max(keys) for keys in self._replica.grants.keys.values()) + 1
        if number > KEY_NUMBER_MAX:
            raise NotGrantable("the numbers of keys are used up")
        return number

    def _boxes(self, queue: str) -> dict[bytes, bytes]:
        """The box keys of the queue's officers in force."""
        self._check_scope("desk", queue_scope(queue))
        grants = self._replica.grants
        officers = grants.officers(queue_scope(queue))
        return {device: grants.boxes[device] for device in officers if device in grants.boxes}

    def _last_seq(self, device: bytes, scope: str, seen_by: Replica | None) -> int:
        knows = seen_by or self._replica
        if scope not in knows.followed():
            raise NotGrantable(f"nothing here knows what the device has said in {scope}")
        arguments = (device, knows.scopes.id_of[scope])
        ((last,),) = knows.store.rows(_LAST_SEQ, arguments)
        return int(last)

    def _check_scope(self, role: Role, scope: str) -> None:
        queues = self._replica.scopes.queues
        if scope not in (queues if role == "desk" else (NEWS,)):
            raise NotGrantable(f"there is no {role} in {scope}")


def _wraps(
    queue: str, secret: bytes, number: int, boxes: Iterable[tuple[bytes, bytes]]
) -> Iterator[Wrap]:
    """For each device whose box key can be used."""
    for device, box in boxes:
        try:
            sealed = wrap_queue_secret(queue, secret, number, device, box)
        except SealError:
            continue  # by another enrolment key: it must not stop a rotation
        yield Wrap(device.hex(), sealed.hex())


def _device_of(public_key: bytes) -> bytes:
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise NotGrantable("a public key has 64 hex digits")
    return device_id(public_key)


def _check_box(device: bytes, box: bytes) -> None:
    if len(box) != PUBLIC_KEY_BYTES:
        raise NotGrantable("a box key has 64 hex digits")
    try:
        wrap_queue_secret("", new_queue_secret(), 1, device, box)
    except SealError as error:
        raise NotGrantable("this is no usable box key") from error
