"""`misto news`: publish, list, search, and what was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.appeal import Text, TextFile, Title
from misto.cli.options import Json, Limit, Offset, PinFile, Profile, Reference

if TYPE_CHECKING:
    from client.services.types import NewsView

app = typer.Typer(help="City news: publish, list, search.")


@app.command("publish")
def publish(
    profile: Profile,
    title: Title,
    text_file: TextFile = None,
    text: Text = None,
    topic: Annotated[str, typer.Option(help="One word, e.g. water.")] = "",
    district: Annotated[str, typer.Option(help="Empty for the whole city.")] = "",
    priority: Annotated[str, typer.Option(help="normal, important or urgent.")] = "normal",
    hours: Annotated[
        float, typer.Option(min=0, max=24 * 366, help="Good for so long; 0 never expires.")
    ] = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Sign a news item as the city's newsroom and save it; `misto exchange` carries it.

    JSON: as an item of `news list`.
    """
    from client.services.news import Newsroom
    from misto.cli.output import print_facts, print_json
    from misto.cli.profile import open_profile
    from misto.cli.publication import item_of
    from misto.cli.shapes import news_facts, news_json
    from misto.cli.texts import text_of, title_of

    fields = {"topic": topic, "district": district}
    item = item_of(title_of(title), text_of(text, text_file), fields, priority, hours)
    with open_profile(profile, pin_file) as replica:
        view = Newsroom(replica).publish(item)
    if as_json:
        print_json(news_json(view))
        return
    print(f"saved on this device: {view.record}\n")
    print_facts(news_facts(view))


@app.command("list")
def list_(
    profile: Profile,
    district: Annotated[str | None, typer.Option(help="Only this district's and the city's.")] = (
        None
    ),
    limit: Limit = 50,
    offset: Offset = 0,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """List the news on this device: urgent ones in force first, then newest first.

    JSON: [{record, title, text, topic, district, priority, published_at_ms, changed_at_ms,
    expires_at_ms, expired, corrections, withdrawn, note, pending, confirmed}].
    """
    from client.services.news import News
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        views = News(replica).list(limit=limit, offset=offset, district=district)
    _print(views, as_json, "No news on this device yet; `misto exchange` brings it.")


@app.command("search")
def search(
    profile: Profile,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Words or their beginnings.")],
    limit: Limit = 20,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Search the news on this device. JSON: as `news list`."""
    from client.services.news import News
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        views = News(replica).search(words, limit)
    _print(views, as_json, "Nothing found.")


@app.command("awaiting")
def awaiting(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """List urgent items that wait for a second person's signature. JSON: as `news list`, and by."""
    from client.services.news import Newsroom
    from misto.cli.output import print_json, print_table
    from misto.cli.profile import open_profile
    from misto.cli.shapes import NEWS_COLUMNS, news_json, news_row

    with open_profile(profile, pin_file) as replica:
        views = Newsroom(replica).awaiting()
    if as_json:
        print_json([{**news_json(view), "by": view.by} for view in views])
        return
    rows = ((*news_row(view), view.by) for view in views)
    print_table((*NEWS_COLUMNS, "by"), rows, "No alert waits for a signature.")


@app.command("confirm")
def confirm(
    profile: Profile, record: Reference, pin_file: PinFile = None, as_json: Json = False
) -> None:
    """Sign somebody else's urgent item: it becomes an alert. Read it with `news awaiting` first.

    JSON: as an item of `news list`.
    """
    from client.services.news import Newsroom
    from misto.cli.find import find_record
    from misto.cli.output import print_facts, print_json
    from misto.cli.profile import open_profile
    from misto.cli.shapes import news_facts, news_json

    with open_profile(profile, pin_file) as replica:
        room = Newsroom(replica)
        waiting = find_record(room.awaiting(), record)
        view = room.confirm(waiting.record, waiting)
    if as_json:
        print_json(news_json(view))
        return
    print(f"signed and saved on this device: {view.record}\n")
    print_facts(news_facts(view))


@app.command("refused")
def refused(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """List what the city refused, with its text, so that it can be said again in another way.

    JSON: [{record, kind, reason, text}].
    """
    from client.services.news import Newsroom
    from misto.cli.output import print_refusals
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        refusals = Newsroom(replica).refusals()
    print_refusals(refusals, as_json)


def _print(views: list[NewsView], as_json: bool, empty: str) -> None:
    from misto.cli.output import print_json, print_table
    from misto.cli.shapes import NEWS_COLUMNS, news_json, news_row

    if as_json:
        print_json([news_json(view) for view in views])
    else:
        print_table(NEWS_COLUMNS, map(news_row, views), empty)
