"""Taking an appeal at a door and claiming it again, by commands, over a real server process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.misto.support import Here, free_port, serving
from tests.misto.test_json import APPEAL_KEYS


@pytest.fixture
def volunteer(misto: Here, city: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "volunteer"
    assert misto("device", "new", folder, "--card", city / "card.json").status == 0
    return folder


def collect(misto: Here, volunteer: Path, *more: object) -> list[str]:
    shape = misto(
        "collect", "--profile", volunteer, "--title", "Дах", "--text", "Тече дах.", *more, "--json"
    ).json
    assert set(shape) == {"record", "words", "qr"}
    assert len(shape["words"]) == 9
    assert shape["qr"].startswith("misto:slip/1/")
    return [shape["record"], " ".join(shape["words"]), shape["qr"]]


def test_the_way_of_an_appeal_from_a_door_to_the_desk_and_to_one_s_own_phone(
    misto: Here, city: Path, volunteer: Path, resident: Path
) -> None:
    record, words, code = collect(misto, volunteer)
    assert misto("appeal", "list", "--profile", volunteer, "--json").json == []
    claimed = misto("claim", "--profile", volunteer, "--slip", words, "--json").json
    assert (claimed["found"], claimed["adopted"]) == (True, False)
    (view,) = claimed["appeals"]
    assert set(view) == APPEAL_KEYS | {"receipt"}
    assert (view["record"], view["state"], view["text"]) == (record, "waiting", "Тече дах.")

    with serving(city, free_port()) as url:
        here = ("--server", url, "--json")
        # The volunteer's device asks about the slip: so its appeal comes to the city.
        claimed = misto("claim", "--profile", volunteer, "--slip", words, "--look", *here).json
        (view,) = claimed["appeals"]
        assert (view["state"], view["receipt"]["verified"]) == ("received", True)
        desk = ("--profile", city / "profiles" / "desk")
        misto("exchange", *desk, *here)
        assert misto("desk", "reply", *desk, record, "--text", "Завтра.", "--json").status == 0
        misto("exchange", *desk, *here)

        nothing = misto("claim", "--profile", resident, "--slip", code, "--json").json
        assert nothing == {"found": False, "adopted": False, "appeals": []}
        args = ("claim", "--profile", resident, "--slip", code, "--look", "--adopt", *here)
        claimed = misto(*args).json
        assert claimed["adopted"]
        assert [line["text"] for line in claimed["appeals"][0]["said"]] == ["Завтра."]
        own = misto(
            "appeal", "comment", "--profile", resident, record, "--text", "Дякую.", "--json"
        )
        assert own.json["said"][-1]["pending"]
        misto("exchange", "--profile", resident, *here)
        (own,) = misto("appeal", "list", "--profile", resident, "--json").json
        assert (own["record"], own["pending"]) == (record, False)
        shown = misto("appeal", "show", "--profile", resident, record, "--json").json
        assert shown["receipt"]["verified"]


def test_two_who_hold_one_slip_are_both_heard(
    misto: Here, city: Path, volunteer: Path, resident: Path
) -> None:
    """One has opened it and one has adopted it; both write without a network, then both come."""
    record, words, code = collect(misto, volunteer)
    opened = ("claim", "--profile", volunteer, "--slip", words, "--json")
    desk = ("--profile", city / "profiles" / "desk")
    with serving(city, free_port()) as url:
        here = ("--server", url)
        misto(*opened, "--look", *here)
        misto("claim", "--profile", resident, "--slip", code, "--look", "--adopt", *here)
    assert misto(*opened, "--comment", "При дверях.").json["appeals"][0]["pending"]
    at_home = misto(
        "appeal", "comment", "--profile", resident, record, "--text", "Удома.", "--json"
    )
    assert at_home.json["pending"]
    with serving(city, free_port()) as url:
        here = ("--server", url)
        for _ in range(2):  # the second time each hears of the other
            misto("exchange", "--profile", resident, *here, "--json")
            (seen,) = misto(*opened, "--look", *here).json["appeals"]
        misto("exchange", *desk, *here, "--json")
    mine = misto("appeal", "show", "--profile", resident, record, "--json").json
    (asked,) = misto("desk", "list", *desk, "--json").json
    for view in (seen, mine, asked):
        assert sorted(line["text"] for line in view["said"]) == ["При дверях.", "Удома."]
        assert not view["pending"]


def test_the_slip_is_printed_and_drawn(misto: Here, volunteer: Path, tmp_path: Path) -> None:
    code = tmp_path / "slip.svg"
    done = misto(
        "collect", "--profile", volunteer, "--title", "Дах", "--text", "Тече.", "--qr", code
    )  # fmt: skip
    assert done.status == 0
    assert " 9. " in done.out
    assert "misto:slip/1/" in done.out
    assert code.read_bytes().startswith(b"<?xml")


def test_the_slip_is_a_page_to_print(misto: Here, volunteer: Path, tmp_path: Path) -> None:
    page = tmp_path / "slip.html"
    _, words, _ = collect(misto, volunteer, "--qr", page)
    written = page.read_text(encoding="utf-8")
    assert all(word in written for word in words.split())
    assert "<svg" in written
    assert "http" not in written.replace("http://www.w3.org/2000/svg", "")


def test_a_slip_that_could_not_be_written_is_printed_again(
    misto: Here, volunteer: Path, tmp_path: Path
) -> None:
    nowhere = tmp_path / "missing" / "slip.png"
    failed = misto(
        "collect", "--profile", volunteer, "--title", "Дах", "--text", "Тече.", "--qr", nowhere
    )  # fmt: skip
    assert failed.status != 0
    again = misto("collect", "--profile", volunteer, "--again", "--json").json
    assert all(word in failed.out for word in again["words"])
    misto("collect", "--profile", volunteer, "--again").assert_one_clear_line("handed over")
    misto("collect", "--profile", volunteer, "--text", "Тече.").assert_one_clear_line("--title")


@pytest.mark.parametrize(
    ("slip", "said"),
    [
        ("", "empty"),
        ("абетка абрикос", "nine words"),
        ("абетка " * 8 + "Ъъ", "word 9"),
        ("абетка абрикос айстра акорд актор акула алея алмаз ананас", "do not belong together"),
    ],
)
def test_a_slip_that_is_none_is_one_clear_line(
    misto: Here, volunteer: Path, slip: str, said: str
) -> None:
    misto("claim", "--profile", volunteer, "--slip", slip).assert_one_clear_line(said)


def test_a_comment_or_adoption_of_what_is_not_here_says_what_to_do(
    misto: Here, volunteer: Path, resident: Path
) -> None:
    _, words, _ = collect(misto, volunteer)
    for more in (("--comment", "Ще."), ("--adopt",)):
        misto("claim", "--profile", resident, "--slip", words, *more).assert_one_clear_line(
            "--look"
        )


def test_a_code_that_cannot_be_drawn_is_said_before_the_appeal_is_taken(
    misto: Here, volunteer: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "slip.png"
    taken.write_bytes(b"")
    for path in (tmp_path / "slip.gif", taken):
        done = misto(
            "collect", "--profile", volunteer, "--title", "Дах", "--text", "Тече.", "--qr", path
        )  # fmt: skip
        done.assert_one_clear_line(path.name)
