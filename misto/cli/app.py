"""The tree of commands."""

from __future__ import annotations

import typer


def build() -> typer.Typer:
    """The whole command line."""
    from misto.cli import (
        appeal,
        bundle,
        city,
        codes,
        desk,
        device,
        doctor,
        doorstep,
        exchange,
        lan,
        measure,
        news,
        outage,
        place,
        rounds,
        running,
        volunteer,
    )  # fmt: skip

    app = typer.Typer(
        name="misto",
        help="A city's lifeline app that keeps working when power and network do not.",
        epilog="A profile is a folder: one device. Every listing and result also as --json.",
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback(invoke_without_command=True)(_root)
    app.add_typer(city.app, name="city")
    app.command("serve")(running.serve)
    app.command("demo")(running.demo)
    app.command("app")(running.app)
    app.add_typer(device.app, name="device")
    app.add_typer(appeal.app, name="appeal")
    app.command("collect")(doorstep.collect)
    app.command("claim")(doorstep.claim)
    app.command("exchange")(exchange.exchange)
    app.add_typer(lan.app, name="lan")
    app.add_typer(bundle.app, name="bundle")
    app.add_typer(codes.app, name="codes")
    app.add_typer(news.app, name="news")
    app.add_typer(place.app, name="place")
    app.add_typer(outage.app, name="outage")
    app.add_typer(desk.app, name="desk")
    app.add_typer(volunteer.app, name="volunteer")
    app.add_typer(rounds.app, name="rounds")
    app.command("bench")(measure.bench)
    app.command("simulate")(measure.simulate)
    app.command("doctor")(doctor.doctor)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"misto {version('misto')}")
        except PackageNotFoundError:
            print("misto, not installed: run from its source folder")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version and leave.", callback=_version, is_eager=True
    ),
) -> None:
    """A city's lifeline app that keeps working when power and network do not."""
