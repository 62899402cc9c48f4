"""`misto desk audit`: who did what when, and what of it is proven."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from misto.cli.office import Csv, From, Language, Until
from misto.cli.options import Json, Limit, Offset, PinFile, Profile

if TYPE_CHECKING:
    from client.services.office.audit import Audit
    from client.services.office.audit_types import AuditEntry, AuditPage, AuditQuery, ScopeProof
    from client.services.office.case import Case
    from client.services.replica import Replica

COLUMNS: Final = ("no.", "received", "who", "act", "record", "says", "stands")
_SHOWN: Final = 8


def audit(
    profile: Profile,
    scope: Annotated[
        str, typer.Option("--scope", help="queue/NAME, news or trust; else the desk's queue.")
    ] = "",
    who: Annotated[
        str, typer.Option("--who", help="The first letters of a device's id; - for residents.")
    ] = "",
    kind: Annotated[str, typer.Option("--kind", help="Such as desk.replied.")] = "",
    record: Annotated[
        str, typer.Option("--record", help="A record's id, its first letters, or a number.")
    ] = "",
    from_: From = "",
    until: Until = "",
    oldest: Annotated[bool, typer.Option("--oldest", help="In the city's order.")] = False,
    prove: Annotated[
        bool, typer.Option("--prove", help="Check all of the scope; status 1 if it does not hold.")
    ] = False,
    limit: Limit = 50,
    offset: Offset = 0,
    csv: Csv = None,
    language: Language = "",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Say who did what when, from the log itself; and with --prove, what of it is proven.

    JSON: scope, total, offset, entries [{version, standing, received_at_ms, made_at_ms, device,
    seq, who, role, kind, record, said, opened, counts}], proof: null or {scope, held, streams,
    version, signed_at_ms, proven, findings [{code, grave, count, first}]}.
    """
    from misto.cli.office import language_of, write_file
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        opened = _audit(replica, as_json)
        query = _query((scope or opened.scopes()[0], who, kind, record), (from_, until), oldest)
        if csv is not None:
            from misto.cli.moments import city_zone

            raw = opened.csv(query, language_of(language), city_zone())
            write_file(csv, raw, private=True)
            return
        page = opened.page(query, language_of(language), offset, limit)
        proof = _prove(opened, query.scope, as_json) if prove else None
    _print(query, page, proof, as_json)
    if proof is not None and any(each.grave for each in proof.findings):
        raise typer.Exit(1)


def _audit(replica: Replica, quiet: bool) -> Audit:
    """The projection is opened only when a number has to be found in it."""
    from client.services.office.audit import Audit
    from misto.cli.office import live_of

    def cases() -> list[Case]:
        return live_of(replica, quiet).cases.all()

    return Audit(replica, cases)


def _query(words: tuple[str, str, str, str], days: tuple[str, str], oldest: bool) -> AuditQuery:
    from client.services.office.audit_types import AuditQuery
    from misto.cli.moments import city_zone
    from misto.cli.office import day_of

    scope, who, kind, record = words
    zone = city_zone()

    def midnight(option: str, typed: str, after: int) -> int:
        if not typed:
            return 0
        day = day_of(option, typed) + timedelta(after)
        return round(datetime.combine(day, time(), zone).timestamp() * 1000)

    start, end = midnight("--from", days[0], 0), midnight("--until", days[1], 1)
    return AuditQuery(scope, who.strip(), kind.strip(), record.strip(), start, end, not oldest)


def _prove(audit: Audit, scope: str, quiet: bool) -> ScopeProof:
    from misto.cli.output import progress

    with progress(quiet) as show:
        return audit.prove(scope, lambda done, of: show("checking", done, of))


def _print(query: AuditQuery, page: AuditPage, proof: ScopeProof | None, as_json: bool) -> None:
    from misto.cli.output import print_json, print_table

    if as_json:
        print_json(
            {
                "scope": query.scope, "total": page.total, "offset": page.offset,
                "entries": [_entry_json(each) for each in page.entries],
                "proof": _proof_json(proof) if proof else None,
            }
        )  # fmt: skip
        return
    print_table(COLUMNS, map(_row, page.entries), "Nothing was found.")
    if page.entries:
        last = page.offset + len(page.entries)
        print(f"{page.offset + 1}–{last} of {page.total} in {query.scope}")
    if proof is not None:
        print("\n".join(_proof_lines(proof)))


def _entry_json(entry: AuditEntry) -> dict[str, Any]:
    keys = (
        "version", "standing", "received_at_ms", "made_at_ms", "device", "seq", "who", "role",
        "kind", "record", "said", "opened", "counts",
    )  # fmt: skip
    return {key: getattr(entry, key) for key in keys}


def _proof_json(proof: ScopeProof) -> dict[str, Any]:
    return {
        "scope": proof.scope, "held": proof.held, "streams": proof.streams,
        "version": proof.version, "signed_at_ms": proof.signed_at_ms, "proven": proof.proven,
        "findings": [
            {"code": each.code, "grave": each.grave, "count": each.count, "first": each.first}
            for each in proof.findings
        ],
    }  # fmt: skip


def _row(entry: AuditEntry) -> tuple[str, ...]:
    from misto.cli.output import when

    who = entry.who or entry.device[:_SHOWN]
    stands = entry.standing if entry.counts else f"{entry.standing}, does not count"
    return (
        str(entry.version or ""), when(entry.received_at_ms), f"{who} ({entry.role})", entry.kind,
        entry.record[:_SHOWN], entry.said if entry.opened else "(sealed)", stands,
    )  # fmt: skip


def _proof_lines(proof: ScopeProof) -> list[str]:
    from misto.cli.output import when

    if any(each.grave for each in proof.findings):
        first = "NOT AS IT WAS SIGNED: the log of this profile was altered or damaged"
    elif proof.version is None:
        first = "not proven: no statement of the server about all of it is kept; exchange first"
    else:
        signed = when(proof.signed_at_ms)
        first = (
            f"proven: complete and unaltered up to {proof.version}, signed by the server {signed}"
        )
    facts = f"{proof.held} changes of {proof.streams} devices in {proof.scope}"
    found = [
        f"{'!' if each.grave else '-'} {each.code.replace('_', ' ')}: {each.count}"
        + (f" ({each.first})" if each.first else "")
        for each in proof.findings
    ]
    told = "the time of receipt is proven for this device's own changes only"
    return [first, facts, *found, told]
