"""From screen to eye without a camera: frames as pictures, read by a real decoder (zbar)."""

from __future__ import annotations

import io
import itertools
import random

import pytest
import segno
from PIL import Image

from client.services import qr
from shared_schema.sync.frames import Collector, Splitter, one_text
from tests import eye


@pytest.fixture(autouse=True)
def _zbar() -> None:
    eye.need_zbar()


def test_one_small_request_is_one_code_that_an_eye_reads() -> None:
    raw = random.Random(1).randbytes(600)
    (text,) = eye.read(qr.picture(one_text(raw)))
    assert Collector().take(text).whole == raw


def test_a_sequence_of_which_a_third_is_never_seen_comes_whole() -> None:
    dice = random.Random(2)
    raw = dice.randbytes(6_000)
    splitter, collector = Splitter(raw), Collector()
    seen = 0
    for number in itertools.count():
        if dice.random() < 0.3:
            continue
        (text,) = eye.read(qr.picture(splitter.text(number)))
        assert text == splitter.text(number)
        seen += 1
        if (progress := collector.take(text)).whole is not None:
            break
    assert progress.whole == raw
    assert seen <= splitter.needed + 12


def test_codes_photographed_badly_in_any_order_come_whole() -> None:
    """Turned, small, pale, noisy: some are not read at all, and those that are come shuffled."""
    dice = random.Random(3)
    raw = dice.randbytes(3_000)
    splitter, collector = Splitter(raw), Collector()
    numbers = list(range(3 * splitter.needed))
    dice.shuffle(numbers)
    texts = [
        text
        for number in numbers
        for text in eye.read(eye.photographed(qr.picture(splitter.text(number)), dice))
    ]
    assert len(texts) > splitter.needed
    assert raw in [collector.take(text).whole for text in texts]


def test_two_screens_in_one_picture_are_told_apart() -> None:
    ours, theirs = Splitter(b"ours" * 60, 300), Splitter(b"theirs" * 45, 300)
    both = Image.new("L", (1300, 700), 255)
    for at, each in enumerate((ours, theirs)):
        code = Image.open(io.BytesIO(qr.picture(each.text(0))))
        both.paste(code.convert("L"), (20 + 640 * at, 20))
    collector = Collector()
    whole = {collector.take(text).whole for text in eye.read(both)}
    assert whole == {b"ours" * 60, b"theirs" * 45}


def test_all_frames_of_a_transfer_have_codes_of_one_size() -> None:
    """So the picture does not jump while a camera looks at it; version 12, 65 modules."""
    splitter = Splitter(random.Random(4).randbytes(5_000))
    codes = [segno.make(splitter.text(number), error="m", micro=False) for number in (0, 20, 99)]
    assert {(code.version, code.mode) for code in codes} == {(12, "alphanumeric")}
