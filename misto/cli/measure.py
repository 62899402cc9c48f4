"""`misto bench` and `misto simulate`: measure, and search for mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from misto.cli.options import Json

if TYPE_CHECKING:
    from benchmarks.report import Figure

_FIGURES: Final = ("figure", "median, ms", "worst, ms", "cpu, ms", "goal, ms", "reached")


def bench(
    name: Annotated[
        str,
        typer.Argument(
            metavar="BENCH", help="local, push, pull, herd, wire, app, desk or courier."
        ),
    ],
    count: Annotated[int | None, typer.Option("--count", min=1, help="How many.")] = None,
    as_json: Json = False,
) -> None:
    """Measure on a throw-away city with the real server and the app's own services.

    JSON: bench, count, wall_s, rate_per_s, bytes_up, bytes_down, errors, server_rss_mib where they
    apply; pull adds searchable_rate_per_s; wire adds one_change_bytes, empty_bytes,
    bulk_bytes_per_appeal, bulk_bytes_per_news; app adds figures: a list of {name, median_ms,
    worst_ms, cpu_ms, goal_ms, reached} (the last two null where there is no goal), and missed; so
    does desk, with acts, cpu_rate_per_s, peak_rss_mib, rss_before_mib and memory_reached. courier
    adds one_device_bytes, many_devices_bytes, the same of prose, bundle_bytes, singles_wall_s,
    singles_bundle_bytes.
    """
    from benchmarks.cli import BENCHES, run_bench
    from misto.cli.errors import Problem
    from misto.cli.output import print_facts, print_json, print_table, progress

    if name not in BENCHES:
        raise Problem(f"there is no bench {name!r}; there are {', '.join(BENCHES)}")
    with progress(quiet=as_json) as show:
        report = run_bench(name, count, show)
    if as_json:
        print_json(report)
    else:
        figures = report.pop("figures", None)
        print_facts((key, _number(value)) for key, value in report.items())
        if isinstance(figures, list):
            print_table(_FIGURES, map(_figure, figures), "Nothing was measured.")


def simulate(
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed, the same run.")],
    devices: Annotated[int, typer.Option("--devices", min=1, help="How many residents.")] = 8,
    days: Annotated[int, typer.Option("--days", min=1, help="Virtual days.")] = 3,
    couriers: Annotated[
        bool, typer.Option("--couriers", help="Few have a network: couriers carry, some hostile.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the core and real SQLite under a virtual clock and a bad network, and check the rules.

    With --couriers all the devices of a town are counted, of which most never reach the server:
    `misto simulate --couriers --devices 200 --days 30 --seed 1` takes some minutes.

    Ends with status 1 when a rule was broken. JSON: seed, devices, days, ok, violations, counts,
    trace_digest (the same for the same seed, sizes and code), wall_s.
    """
    from misto.cli.output import print_facts, print_json, progress
    from misto.simulation import run_simulation
    from misto.simulation.couriers import run_couriers

    run = run_couriers if couriers else run_simulation
    with progress(quiet=as_json) as show:
        result = run(seed, devices, days, lambda done, total: show("virtual hours", done, total))
    if as_json:
        print_json(
            {
                "seed": seed,
                "devices": devices,
                "days": days,
                "ok": result.ok,
                "violations": list(result.violations),
                "counts": result.counts,
                "trace_digest": result.trace_digest,
                "wall_s": result.wall_s,
            }
        )
    else:
        verdict = "every rule held" if result.ok else "RULES WERE BROKEN"
        counts = ((name, _number(value)) for name, value in result.counts.items())
        broken = (("broken", each) for each in result.violations)
        print_facts([("seed", str(seed)), ("verdict", verdict), *broken, *counts])
    if not result.ok:
        raise typer.Exit(1)


def _figure(figure: Figure) -> tuple[str, ...]:
    reached = "" if figure["reached"] is None else "yes" if figure["reached"] else "NO"
    numbers = (figure[key] for key in ("median_ms", "worst_ms", "cpu_ms", "goal_ms"))
    said = ("" if number is None else f"{number:,.1f}" for number in numbers)
    return str(figure["name"]), *said, reached


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int | float) else str(value)
