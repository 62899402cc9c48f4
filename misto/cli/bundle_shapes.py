"""What `misto bundle` prints: facts and tables for people."""

from __future__ import annotations

from typing import Any

from misto.cli.output import amount, count, print_facts, print_table, when


def print_export(shape: dict[str, Any]) -> None:
    """What was written."""
    if not shape["files"]:
        print("Nothing to carry.")
        return
    files = "\n".join(f"{each['file']} ({amount(each['bytes'])})" for each in shape["files"])
    others = f"{count(shape['requests'], 'request')}, {shape['replies']} answered"
    print_facts([("written", files), ("own", count(shape["own"], "change")), ("others'", others)])


def print_taken(shape: dict[str, Any]) -> None:
    """What became of a file that was taken."""
    new = f"{count(shape['requests'], 'request')}, replies to {shape['replies']}"
    mine = f"{count(shape['settled'], 'verdict')}, {count(shape['arrived'], 'change')}"
    refused = [f"{each['count']} × {each['what']}: {each['reason']}" for each in shape["refused"]]
    print_facts(
        [
            (shape["file"], "" if not shape["flaw"] else f"not read to its end: {shape['flaw']}"),
            ("for others", new),
            ("for me", mine),
            ("known", str(shape["known"]) if shape["known"] else ""),
            ("refused", "\n".join(refused)),
        ]
    )


def print_cleared(cleared: dict[str, Any]) -> None:
    """What was wiped, and what stays and why."""
    print_facts(cleared_facts(cleared))


def cleared_facts(cleared: dict[str, Any]) -> list[tuple[str, str]]:
    """The same as facts; those that say nothing are empty."""
    wiped = f"{count(cleared['requests'], 'request')}, {amount(cleared['bytes'])}"
    waiting = f"{count(cleared['waiting'], 'request')} without the city's receipt"
    owed = f"replies for {cleared['owed']} of their senders: hand them over and say so by"
    lost = f"replies for {cleared['lost']} of their senders, who had not got them"
    return [
        ("wiped", wiped),
        ("", lost if cleared["lost"] else ""),
        ("kept", waiting if cleared["waiting"] else ""),
        ("", f"{owed} misto rounds handed" if cleared["owed"] else ""),
    ]


def print_look(seen: dict[str, Any]) -> None:
    """What is in a file."""
    flaw = f"not read to its end: {seen['flaw']}" if seen["flaw"] else ""
    public = [
        each["refused"] or f"{each['trust']} of trust, {each['news']} news, {each['heads']} heads"
        for each in seen["public"]
    ]
    print_facts(
        [
            ("city", seen["city"]),
            ("size", amount(seen["bytes"])),
            ("flaw", flaw),
            ("public", "\n".join(public)),
        ]
    )
    answered = {each["request"]: each for each in seen["replies"]}
    rows = [
        (
            each["sender"][:8],
            str(each["urgency"]),
            str(each["changes"]),
            amount(each["bytes"]),
            when(each["oldest_ms"]),
            _answered(answered.get(each["id"])),
            each["refused"],
        )
        for each in seen["requests"]
    ]
    columns = ("sender", "urgency", "changes", "size", "since", "answer", "refused")
    print_table(columns, rows, "No requests.")
    lone = sum(each["refused"] == "not_checked" for each in seen["replies"])
    if lone:
        print(f"{lone} replies without their requests")


def _answered(reply: dict[str, Any] | None) -> str:
    if reply is None:
        return ""
    return reply["refused"] or ("all verdicts" if reply["done"] else "not all verdicts")


def state_facts(shape: dict[str, Any]) -> list[tuple[str, str]]:
    """What is carried, as lines."""
    room = f"{amount(shape['bytes'])} of {amount(shape['budget_bytes'])}"
    urgent = f", {shape['waiting_urgent']} urgent" if shape["waiting_urgent"] else ""
    return [
        ("carried", f"{count(shape['requests'], 'request')}, {room}"),
        ("waiting", f"{shape['waiting']}{urgent}"),
        ("since", when(shape["oldest_ms"])),
        ("replies", str(shape["replies"])),
        ("own", f"{shape['own_waiting']} waiting"),
        ("all handed over", "yes" if shape["all_handed_over"] else "NO"),
    ]
