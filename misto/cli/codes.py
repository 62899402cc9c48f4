"""`misto codes`: a bundle as a sequence of QR codes on a screen, and such a sequence read again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from misto.cli.errors import Problem
from misto.cli.options import Json

if TYPE_CHECKING:
    from shared_schema.sync.frames import Progress, Splitter

app = typer.Typer(help="Bundles as QR codes: one screen shows them, one camera reads them.")


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A bundle file.")],
    png: Annotated[
        Path | None, typer.Option("--png", metavar="DIR", help="Write pictures into this folder.")
    ] = None,
    gif: Annotated[
        Path | None, typer.Option("--gif", metavar="FILE", help="Write one moving picture.")
    ] = None,
    frames: Annotated[
        int,
        typer.Option(
            "--frames", min=0, help="So many codes. 0: without end; in files half more than needed."
        ),
    ] = 0,
    per_second: Annotated[float, typer.Option("--per-second", min=0.2, max=20)] = 4,
    as_json: Json = False,
) -> None:
    """Play a bundle as codes in the terminal until Ctrl-C, or write them as pictures.

    JSON (with --png or --gif): transfer, bytes, needed (codes that do, any of them), frames,
    files [path].
    """
    from misto.cli.output import print_json

    splitter = _split(file)
    if png is None and gif is None:
        if as_json:
            raise Problem("--json goes with --png or --gif: a terminal shows the codes themselves")
        _play(splitter, frames, per_second)
        return
    number = frames or splitter.needed + splitter.needed // 2
    files = _write(splitter, number, png, gif, per_second)
    shape = {
        "transfer": splitter.transfer.hex(),
        "bytes": file.stat().st_size,
        "needed": splitter.needed,
        "frames": number,
        "files": [str(each) for each in files],
    }
    if as_json:
        print_json(shape)
    else:
        print(f"{number} codes, of which any {splitter.needed} do, in {_named(files)}")


@app.command("read")
def read(
    pictures: Annotated[
        list[Path], typer.Argument(metavar="PICTURE…", help="Photographs, screenshots or GIFs.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Where to write the bundle once it is whole."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Read the codes in pictures, in any order, and write the bundle, or say what is missing.

    Fails when nothing came whole. Only the first that comes whole is written; without --out
    nothing is. JSON: pictures, codes, whole, file, bytes, transfers [{transfer, have, needed}],
    texts (codes that are no frames).
    """
    from client.keys.vault import write_durably
    from misto.cli.output import print_json

    if out is not None and out.exists():
        raise Problem(f"{out} is there already")
    seen = _Seen()
    _look(pictures, seen, quiet=as_json)
    if seen.whole is not None and out is not None:
        write_durably(out, seen.whole, 0o600)
    if as_json:
        print_json(seen.shape(out))
    else:
        _tell(seen, out)
    if seen.whole is None:
        raise typer.Exit(1)


class _Seen:
    """What all pictures have brought so far."""

    def __init__(self) -> None:
        from shared_schema.sync.frames import Collector

        self.collector = Collector()
        self.pictures = self.codes = 0
        self.transfers: dict[str, Progress] = {}
        self.texts: list[str] = []
        self.whole: bytes | None = None

    def take(self, texts: tuple[str, ...]) -> None:
        """One picture's codes."""
        from shared_schema.errors import ProtocolError

        self.pictures += 1
        for text in texts:
            self.codes += 1
            try:
                progress = self.collector.take(text)
            except ProtocolError:
                self.texts += [text] if text not in self.texts else []
                continue
            self.transfers[progress.transfer.hex()] = progress
            self.whole = self.whole or progress.whole

    def shape(self, out: Path | None) -> dict[str, Any]:
        """As --json has it."""
        transfers = [
            {"transfer": name, "have": each.have, "needed": each.needed}
            for name, each in self.transfers.items()
        ]
        return {
            "pictures": self.pictures,
            "codes": self.codes,
            "whole": self.whole is not None,
            "file": str(out) if out is not None and self.whole is not None else None,
            "bytes": len(self.whole or b""),
            "transfers": transfers,
            "texts": self.texts,
        }


def _look(pictures: list[Path], seen: _Seen, *, quiet: bool) -> None:
    """Read picture after picture, until one transfer is whole."""
    from client.services.scanning.pictures import texts_of_all
    from misto.cli.output import progress

    with progress(quiet) as told:
        for path in pictures:
            for texts in texts_of_all(_bytes(path)):
                seen.take(texts)
                for name, each in seen.transfers.items():
                    told(f"transfer {name[:8]}", each.have, each.needed)
                if seen.whole is not None:
                    return


def _tell(seen: _Seen, out: Path | None) -> None:
    from misto.cli.output import amount, count, print_facts

    facts = [("pictures", f"{seen.pictures:,} with {count(seen.codes, 'code')}")]
    facts += [
        (f"transfer {name[:8]}", f"{each.have} of {each.needed} pieces")
        for name, each in seen.transfers.items()
    ]
    facts += [("no frame", text) for text in seen.texts]
    if seen.whole is not None:
        where = f"written to {out}" if out is not None else "not written; --out FILE writes it"
        facts.append(("whole", f"{amount(len(seen.whole))}, {where}"))
    elif seen.transfers:
        facts.append(("not whole", "add more pictures, of any codes of the same sequence"))
    else:
        facts.append(("nothing", "no picture has a code of a bundle that can be read"))
    print_facts(facts)


def _split(file: Path) -> Splitter:
    """The frames of a bundle file; one code when it is small enough for one."""
    from client.services.courier.beside import frames_of
    from shared_schema.errors import TooLarge
    from shared_schema.limits import FRAMES_BYTES_MAX

    raw = _bytes(file)
    if not raw:
        raise Problem(f"{file}: there is nothing in it")
    try:
        return frames_of(raw)
    except TooLarge as error:
        raise Problem(
            f"{file}: codes carry {FRAMES_BYTES_MAX:,} bytes at most;"
            " `misto bundle export --split` makes smaller files"
        ) from error


def _play(splitter: Splitter, frames: int, per_second: float) -> None:
    from misto.cli.codes_drawing import play

    play(splitter, frames, per_second)


def _write(
    splitter: Splitter, frames: int, png: Path | None, gif: Path | None, per_second: float
) -> list[Path]:
    from misto.cli.codes_drawing import write_gif, write_pictures

    files = write_pictures(splitter, frames, png) if png is not None else []
    if gif is not None:
        if gif.exists():
            raise Problem(f"{gif} is there already")
        write_gif(splitter, frames, gif, per_second)
        files.append(gif)
    return files


def _named(files: list[Path]) -> str:
    return str(files[0]) if len(files) == 1 else f"{files[0]} … {files[-1]}"


def _bytes(path: Path) -> bytes:
    """A file's bytes, and no more than the longest that is looked at."""
    from shared_schema.limits import SCAN_PICTURE_BYTES_MAX

    with path.open("rb") as file:
        return file.read(SCAN_PICTURE_BYTES_MAX + 1)
