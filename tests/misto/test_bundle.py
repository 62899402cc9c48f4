"""Appeals and answers by files alone: real processes, two couriers, and never a direct path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from misto.city import init_city
from tests.misto.support import Here, free_port, process, serving

STATE_KEYS = {
    "requests", "bytes", "budget_bytes", "waiting", "waiting_urgent", "replies", "oldest_ms",
    "own_waiting", "all_handed_over",
}  # fmt: skip
TAKEN_KEYS = {
    "file", "requests", "replies", "own_replies", "settled", "arrived", "known", "unknown",
    "refused", "flaw",
}  # fmt: skip


def run(*arguments: object) -> Any:
    """A command as a process of its own, with its JSON."""
    return process(*arguments, "--json").json


def carry(giver: Path, taker: Path, file: Path) -> dict[str, Any]:
    """One device writes a bundle file, another one takes it."""
    run("bundle", "export", file, "--profile", giver)
    (taken,) = run("bundle", "import", file, "--profile", taker)["files"]
    return dict(taken)


def test_an_appeal_goes_out_and_its_answer_comes_back_by_files_alone(tmp_path: Path) -> None:
    port = free_port()
    nowhere = "http://127.0.0.1:9"  # what the residents' card says: no server is ever there
    city = tmp_path / "city"
    init_city(city, "Надріччя", servers=(nowhere,))
    resident, first, second = (tmp_path / name for name in ("resident", "a", "b"))
    for folder in (resident, first, second):
        run("device", "new", folder, "--card", city / "card.json")
    desk = city / "profiles" / "desk"

    filed = run(
        "appeal", "new", "--profile", resident, "--title", "Немає води", "--text", "Третій день.",
    )  # fmt: skip
    assert carry(resident, first, tmp_path / "1")["requests"] == 1
    assert carry(first, second, tmp_path / "2")["requests"] == 1
    assert run("bundle", "state", "--profile", second)["all_handed_over"] is False

    with serving(city, port) as url:
        sent = run("exchange", "--profile", second, "--server", url)
        assert sent["carried"] == {"posted": 1, "answered": 1, "done": 1}
        run("exchange", "--profile", desk, "--server", url)
        (waiting,) = run("desk", "list", "--profile", desk)
        assert waiting["title"] == "Немає води"
        run("desk", "reply", filed["record"], "--profile", desk, "--text", "Бригада виїхала.")
        run("exchange", "--profile", desk, "--server", url)
        assert run("bundle", "deliver", "--profile", second, "--server", url)["posted"] == 1

    assert carry(second, first, tmp_path / "3")["replies"] == 1
    taken = carry(first, resident, tmp_path / "4")
    assert (taken["own_replies"], taken["settled"], taken["refused"]) == (1, 1, [])
    again = run("bundle", "import", tmp_path / "4", "--profile", resident)["files"][0]
    assert (again["own_replies"], again["settled"], again["arrived"]) == (0, 0, 0)

    shown = run("appeal", "show", filed["record"], "--profile", resident)
    assert shown["state"] == "received"
    assert [line["text"] for line in shown["said"]] == ["Бригада виїхала."]
    assert shown["receipt"]["verified"] is True
    assert run("bundle", "state", "--profile", first)["all_handed_over"] is True
    kept = run("bundle", "clear", "--profile", first)
    assert (kept["requests"], kept["kept"], kept["owed"]) == (
        0,
        1,
        1,
    )  # nobody has said it was given
    wiped = run("bundle", "clear", "--profile", first, "--replies-too")
    assert (wiped["requests"], wiped["kept"], wiped["lost"]) == (1, 0, 1)
    with serving(city, port) as url:  # exactly once: nobody gets it again
        assert run("exchange", "--profile", desk, "--server", url)["pulled"] == 0
        assert len(run("desk", "list", "--profile", desk)) == 1


def test_what_a_carrier_sees_of_a_file(misto: Here, city: Path, resident: Path) -> None:
    file = resident.parent / "out.bundle"
    misto("appeal", "new", "--profile", resident, "--title", "Ліхтар", "--text", "Не світить.")
    written = misto("bundle", "export", file, "--profile", resident, "--json").json
    assert (written["own"], written["requests"], len(written["files"])) == (1, 0, 1)
    assert written["files"][0]["bytes"] == file.stat().st_size
    seen = misto("bundle", "show", file, "--card", city / "card.json", "--json").json
    (request,) = seen["requests"]
    device = misto("device", "show", resident, "--json").json["device"]
    assert (request["sender"], request["changes"], request["refused"]) == (device, 1, "")
    assert request["oldest_ms"] == request["newest_ms"] > 0
    assert seen["public"][0]["trust"] > 0
    text = misto("bundle", "show", file, "--card", city / "card.json").out
    assert device[:8] in text
    assert "Ліхтар" not in text


def test_a_split_export_makes_small_files(misto: Here, resident: Path) -> None:
    for number in range(4):
        misto("appeal", "new", "--profile", resident, "--title", f"Ні {number}", "--text", "Так")
    target = resident.parent / "out.bundle"
    written = misto(
        "bundle", "export", target, "--profile", resident, "--split", "2000", "--no-public",
        "--json",
    ).json  # fmt: skip
    assert all(each["bytes"] <= 2_000 for each in written["files"])


def test_the_shapes_of_state_and_import(misto: Here, city: Path, resident: Path) -> None:
    neighbour = resident.parent / "neighbour"
    misto("device", "new", neighbour, "--card", city / "card.json")
    misto("appeal", "new", "--profile", resident, "--title", "Ні", "--text", "Так")
    file = resident.parent / "out.bundle"
    misto("bundle", "export", file, "--profile", resident)
    taken = misto("bundle", "import", file, "--profile", neighbour, "--json").json
    assert set(taken) == {"files", "state"}
    assert set(taken["files"][0]) == TAKEN_KEYS
    assert set(taken["state"]) == STATE_KEYS
    assert misto("bundle", "state", "--profile", neighbour, "--json").json == taken["state"]
    assert "NO" in misto("bundle", "state", "--profile", neighbour).out
    kept = misto("bundle", "clear", "--profile", neighbour, "--json").json
    assert kept == {"requests": 0, "bytes": 0, "kept": 1, "kept_urgent": 0, "waiting": 1, "owed": 0,
                    "lost": 0}  # fmt: skip
    said = misto("bundle", "clear", "--profile", neighbour, "--replies-too").out
    assert "1 request without the city's receipt" in said


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x13" + bytes(17), b"\x11" + bytes(200)])
def test_a_file_that_is_no_bundle_of_this_city_is_one_clear_line(
    misto: Here, resident: Path, junk: bytes
) -> None:
    file = resident.parent / "junk"
    file.write_bytes(junk)
    done = misto("bundle", "import", file, "--profile", resident)
    if junk[:1] == b"\x11":
        assert "bad_signature" in done.out
    else:
        done.assert_one_clear_line()
