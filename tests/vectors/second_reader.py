"""A second reader, written from `docs/protocol.md` alone: no line of it comes from the project.

It has a hash, a signature, a key agreement, a cipher, msgpack and zstd from libraries, and shows
that the page is enough for a stranger to check a request and a reply, rebuild runs, compute
digests, and open a seal (HPKE is spelled out from RFC 9180: the suite's numbers are checked too).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgpack  # type: ignore[import-untyped]
import zstandard
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

ROOT = Path(__file__).parents[2]
SLIP_WORDS = ROOT / "shared_schema" / "crypto" / "dictionaries" / "slip-1.txt"
DICTIONARY = ROOT / "shared_schema" / "crypto" / "dictionaries" / "1.zdict"


class Request(NamedTuple):
    """What a request says; `runs` are (scope, device, first seq, changes)."""

    id: bytes
    sender: bytes
    wants: list[Any]
    runs: list[tuple[bytes, bytes, int, list[bytes]]]


class Answer(NamedTuple):
    """What a reply says, once its statement is verified."""

    time: int
    settled: list[tuple[bytes, int, int, int, int]]
    heads: list[tuple[str, int, bytes]]
    arrivals: list[tuple[str, int, int, bytes]]


def sha256(*parts: bytes) -> bytes:
    """`H` of the page."""
    return hashlib.sha256(b"".join(parts)).digest()


def device_of(public_key: bytes) -> bytes:
    """Section 1."""
    return sha256(b"misto/device/1\0", public_key)[:16]


def feed_of(city: bytes, name: str, device: bytes) -> bytes:
    """Section 1: a scope as a whole, or a mailbox."""
    if name == "mail":
        return sha256(b"misto/mail/1\0", city, device)[:16]
    return sha256(b"misto/scope/1\0", city, name.encode())[:16]


def good(key: bytes, signature: bytes, domain: bytes, message: bytes) -> bool:
    """Whether a signature verifies."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, domain + message)
    except InvalidSignature:
        return False
    return True


def rebuild(run: list[Any], key: bytes) -> tuple[list[bytes], int]:
    """Section 3: the changes of a run, and how many from the first are authentic."""
    scope, seq, prev = run[1], run[2], run[3] or bytes(32)
    changes: list[bytes] = []
    for part in run[4]:
        start = struct.pack(">B16s16sI32s", 1, device_of(key), scope, seq, prev)
        changes.append(start + part)
        prev, seq = sha256(changes[-1]), seq + 1
    vouched = len(changes)
    while vouched and not signed(changes[vouched - 1], key):
        vouched -= 1
    return changes, vouched


def readable(change: bytes) -> bool:
    """Section 2: long enough for a header and a signature, and not too long."""
    opening = len(change) > 69 and change[69] & 2
    return (81 if opening else 97) + 64 <= len(change) <= 32768


def signed(change: bytes, key: bytes) -> bool:
    """Whether a change is one and its own signature is good."""
    return readable(change) and good(key, change[-64:], b"misto/change/1\0", change[:-64])


def read_request(raw: bytes) -> Request:
    """Section 4, upwards."""
    assert raw[0] == 0x11
    assert good(raw[1:33], raw[-64:], b"misto/bundle/1\0", raw[:-64])
    devices, wants, sections = msgpack.unpackb(raw[33:-64])[:3]
    keys = [raw[1:33], *devices]
    runs = []
    for run in (run for section in sections for run in read_section(section)[1]):
        key = keys[run[0]]
        runs.append((run[1], device_of(key), run[2], rebuild(run, key)[0]))
    return Request(sha256(raw), raw[1:33], wants, runs)


def read_section(piece: bytes) -> list[Any]:
    """Section 4: feed name and runs."""
    section: list[Any] = msgpack.unpackb(unzstd(piece[1:]) if piece[0] == 1 else piece[1:])
    return section


def read_reply(
    raw: bytes, asked: Request, city: bytes, own: dict[str, bytes], server: bytes
) -> Answer | None:
    """Sections 4 and 5, downwards; None when the statement does not verify.

    `own` has the reader's own digests, by feed name.
    """
    assert raw[0] == 0x12
    devices, _, sections, statement, signature = msgpack.unpackb(raw[1:])[:5]
    time, receipts, heads = msgpack.unpackb(statement)
    context = b""
    settled = []
    for number, offset, count, status, reason, version, received in receipts:
        scope, device, seq, changes = asked.runs[number]
        ids = [sha256(change) for change in changes][offset : offset + count]
        context += scope + device + struct.pack(">I", seq + offset + count - 1) + ids[-1]
        for place, change_id in enumerate(ids):
            settled.append((change_id, status, reason, version + place if version else 0, received))
    named = []
    for number, version, digest in heads:
        feed = asked.wants[number][0]
        named.append((feed, version, digest or own[feed]))
        context += feed_of(city, feed, device_of(asked.sender)) + named[-1][2]
    if not good(server, signature, b"misto/statement/1\0", asked.id + statement + context):
        return None
    return Answer(time, settled, named, list(arrivals(sections, devices)))


def arrivals(sections: list[bytes], keys: list[bytes]) -> Iterator[tuple[str, int, int, bytes]]:
    """The authentic changes that came down: feed, version, received, id."""
    for feed, runs in map(read_section, sections):
        for run in runs:
            changes, vouched = rebuild(run, keys[run[0]])
            for place, change in enumerate(changes[:vouched]):
                if readable(change):
                    yield feed, run[5] + place, run[6], sha256(change)


def read_courier(
    raw: bytes, types: tuple[int, ...] = (1, 2, 3)
) -> tuple[bytes, list[tuple[int, bytes]], int, bool]:
    """Section 17: the city, the items of these types, how many others, and whether all is there."""
    assert raw[0] == 0x13
    body = raw[18:] if raw[17] == 0 else unzstd_stream(raw[18:])
    items: list[tuple[int, bytes]] = []
    forms: list[tuple[int, list[tuple[int, bytes]]]] = []
    at = 0
    while at < len(body):
        start = at + 1 if body[at] >= 0x80 else at + 5
        if body[at] >= 0x80:
            if body[at] - 0x80 >= len(forms):
                break
            sort, pieces = forms[body[at] - 0x80]
            end = start + sum(own for own, _ in pieces)
        elif start <= len(body):
            sort, length = struct.unpack_from(">BI", body, at)
            pieces, end = [(length, b"")], start + length
        if max(start, end) > len(body):
            break
        if body[at] == 4:
            forms.append(read_form(body[start:end]))
        else:
            items.append((sort, filled(pieces, body[start:end])))
        at = end
    known = [item for item in items if item[0] in types]
    return raw[1:17], known, len(items) - len(known), at == len(body)


def read_answer(post: bytes, answer: bytes) -> list[tuple[bytes, bytes]]:
    """Section 17: the batch door's replies by their requests' ids, as far as the post has them."""
    asked = list(dict.fromkeys(body for sort, body in read_courier(post)[1] if sort == 1))
    said = [(body[0], body[1:]) for _, body in read_courier(answer, (5,))[1]]
    return [(sha256(asked[place]), reply) for place, reply in said if place < len(asked)]


def read_form(body: bytes) -> tuple[int, list[tuple[int, bytes]]]:
    """Section 17: the type of what a form makes, and its pieces."""
    pieces, at = [], 1
    while at < len(body):
        own, common = struct.unpack_from(">HH", body, at)
        pieces.append((own, body[at + 4 : at + 4 + common]))
        at += 4 + common
    return body[0], pieces


def filled(pieces: list[tuple[int, bytes]], own: bytes) -> bytes:
    """Section 17: an item's bytes, from its own ones and those of its form."""
    out = b""
    for length, common in pieces:
        out, own = out + own[:length] + common, own[length:]
    return out


def read_public(
    body: bytes, server: bytes
) -> tuple[list[tuple[str, bytes]], list[tuple[bytes, int, bytes, int]]]:
    """Section 17: changes as (feed, id), and signed heads as (feed id, version, digest, time)."""
    keys, sections, proofs = msgpack.unpackb(body)[:3]
    changes = [(feed, change) for feed, _, _, change in arrivals(sections, keys)]
    heads = []
    for request, statement, context, signature in proofs:
        if good(server, signature, b"misto/statement/1\0", request + statement + context):
            time, receipts, told = msgpack.unpackb(statement)
            for place, (_, version, _) in enumerate(told):
                start = 68 * len(receipts) + 48 * place
                feed, digest = context[start : start + 16], context[start + 16 : start + 48]
                heads.append((feed, version, digest, time))
    return changes, heads


def set_digest(change_ids: list[bytes]) -> bytes:
    """Section 5: the digest of a feed that holds these changes."""
    total = 0
    for change_id in change_ids:
        total += int.from_bytes(hashlib.shake_256(b"misto/set/1\0" + change_id).digest(256), "big")
    return sha256(b"misto/set-digest/1\0", (total % 2**2048).to_bytes(256, "big"))


def unzstd(frame: bytes) -> bytes:
    """A magicless frame that says its size, read with dictionary 1."""
    reader = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(DICTIONARY.read_bytes()),
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    )
    return reader.decompress(frame)


def unzstd_stream(frame: bytes) -> bytes:
    """The same, of a frame that does not say its size and may be cut."""
    reader = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(DICTIONARY.read_bytes()),
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
        max_window_size=8 * 1024 * 1024,
    )
    return reader.stream_reader(frame).read(32 * 1024 * 1024)


def unzstd_block(block: bytes) -> bytes:
    """Section 8: a block, with the frame put back that a window of 64 KiB and no size makes."""
    head = bytes((0x00, 0x30)) + struct.pack("<I", len(block) << 3 | 5)[:3]
    reader = zstandard.ZstdDecompressor(
        dict_data=zstandard.ZstdCompressionDict(DICTIONARY.read_bytes()),
        format=zstandard.FORMAT_ZSTD1_MAGICLESS,
    )
    return reader.decompress(head + block, max_output_size=65536)


def unpack(packed: bytes) -> str:
    """Section 8: the text of a payload."""
    raw = unzstd_block(packed[1:]) if packed[0] & 2 else packed[1:]
    return raw.decode("cp1251" if packed[0] & 1 else "utf-8")


def extract(salt: bytes, key: bytes) -> bytes:
    """HKDF-Extract with SHA-256."""
    return hmac.digest(salt or bytes(32), key, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand with SHA-256, up to one block."""
    return hmac.digest(key, info + b"\1", "sha256")[:length]


def hpke_open(secret: bytes, enc: bytes, ciphertext: bytes, info: bytes) -> bytes:
    """RFC 9180, base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305."""
    key = X25519PrivateKey.from_private_bytes(secret)
    own = key.public_key().public_bytes_raw()
    shared = key.exchange(X25519PublicKey.from_public_bytes(enc))
    kem = b"KEM" + struct.pack(">H", 0x0020)
    prk = extract(b"", b"HPKE-v1" + kem + b"eae_prk" + shared)
    info_kem = struct.pack(">H", 32) + b"HPKE-v1" + kem + b"shared_secret" + enc + own
    shared_secret = expand(prk, info_kem, 32)
    suite = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0003)
    psk_id = extract(b"", b"HPKE-v1" + suite + b"psk_id_hash")
    info_hash = extract(b"", b"HPKE-v1" + suite + b"info_hash" + info)
    context = b"\0" + psk_id + info_hash
    root = extract(shared_secret, b"HPKE-v1" + suite + b"secret")

    def labelled(label: bytes, length: int) -> bytes:
        return expand(
            root, struct.pack(">H", length) + b"HPKE-v1" + suite + label + context, length
        )

    cipher = ChaCha20Poly1305(labelled(b"key", 32))
    return cipher.decrypt(labelled(b"base_nonce", 12), ciphertext, b"")


def thread_key_for_queue(opening: bytes, number: int, secret: bytes) -> bytes:
    """Section 9: the thread key, as a queue reads it from the opening change."""
    header, body = opening[:81], opening[81:-64]
    for at in range(1, 1 + body[0] * 82, 82):
        if struct.unpack_from(">H", body, at)[0] == number:
            info = b"misto/wrap/1\0" + header
            return hpke_open(secret, body[at + 2 : at + 34], body[at + 34 : at + 82], info)
    raise LookupError(number)


def thread_key_for_author(opening: bytes, device_secret: bytes) -> bytes:
    """Section 9: the thread key, as the author derives it again."""
    start = 81 + 1 + opening[81] * 82
    prk = extract(opening[start : start + 16], device_secret)
    return expand(prk, b"misto/thread-key/1\0", 32)


def internal_key(queue_secret: bytes, record: bytes) -> bytes:
    """Section 9: the key of what officers of a queue say among themselves."""
    return expand(extract(record, queue_secret), b"misto/internal-key/1\0", 32)


def box_secret(device_secret: bytes) -> bytes:
    """Section 9: what a device opens the queue secrets with that are handed to it."""
    return expand(extract(b"", device_secret), b"misto/box-key/1\0", 32)


def public_of(secret: bytes) -> bytes:
    """The public half of an X25519 secret."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def open_handed(
    device_secret: bytes, sealed: bytes, queue: str, number: int, key: bytes, device: bytes
) -> bytes:
    """Section 9: a queue's secret, out of the wrap for this device."""
    info = b"misto/queue-secret/1\0" + struct.pack(">H", number) + key + device + queue.encode()
    secret = hpke_open(box_secret(device_secret), sealed[:32], sealed[32:], info)
    assert public_of(secret) == key
    return secret


def open_internal(change: bytes, secrets: dict[int, bytes]) -> list[Any]:
    """Section 9: an internal act, by the first of the queue's secrets that opens it."""
    for number in sorted(secrets, reverse=True):
        try:
            return open_change(change, internal_key(secrets[number], change[81:97]))
        except InvalidTag:
            continue
    raise LookupError("no key of the queue")


def open_change(change: bytes, thread_key: bytes) -> list[Any]:
    """Section 9: the payload of a sealed change."""
    assert change[69] & 1
    header = change[: 81 if change[69] & 2 else 97]
    body = change[len(header) : -64]
    prefix = body[: 1 + body[0] * 82]
    salt, ciphertext = body[len(prefix) : len(prefix) + 16], body[len(prefix) + 16 :]
    key = expand(extract(salt, thread_key), b"misto/change-key/1\0", 32)
    padded = ChaCha20Poly1305(key).decrypt(bytes(12), ciphertext, header + prefix)
    payload: list[Any] = json.loads(unpack(padded.rstrip(b"\0")[:-1]))
    return payload


def slip_numbers(text: str) -> list[int]:
    """Section 9: the nine numbers of a slip, from its nine words or from the text of its code."""
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    if text.startswith("misto:slip/1/"):
        pairs = text.removeprefix("misto:slip/1/")
        return [
            letters.index(pairs[at]) * 32 + letters.index(pairs[at + 1])
            for at in range(0, len(pairs), 2)
        ]
    alike = str.maketrans("ґєиїйщ", "геіііш")
    known = [word.translate(alike)[:4] for word in SLIP_WORDS.read_text("utf-8").split()]
    return [known.index(word.lower().translate(alike)[:4]) for word in text.split()]


def read_slip(text: str, city: bytes) -> bytes | None:
    """Section 9: a slip's secret; None when its check does not fit."""
    *carried, check = slip_numbers(text)
    secret = sum(number << 10 * (7 - place) for place, number in enumerate(carried)).to_bytes(10)
    hashed = sha256(b"misto/slip-check/1\0", city, secret)
    return secret if int.from_bytes(hashed[:2]) >> 6 == check else None


def slip_secrets(secret: bytes, city: bytes) -> tuple[bytes, bytes]:
    """Section 9: seed and device secret of a slip's device."""
    stretched = hash_secret_raw(b"misto/slip/1\0" + secret, city, 3, 65536, 4, 32, Type.ID)
    seed, own = (
        expand(extract(b"", stretched), info, 32)
        for info in (b"misto/slip-signing/1\0", b"misto/slip-device/1\0")
    )
    return seed, own
