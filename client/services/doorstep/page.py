"""A slip as a page to print: one A6 sheet of HTML, which every browser prints, a phone's too.

No font is shipped and no library of the app writes PDF, and a PDF without a font has no Ukrainian
letters. A page brings its code as a drawing and its words as text; it loads nothing from anywhere.
"""

from __future__ import annotations

from html import escape
from typing import Final

from client.i18n import Words
from client.services import qr
from shared_schema.crypto.slip import Slip

PAGE_NAME: Final = "misto-slip.html"
_STYLE: Final = """
@page { size: 105mm 148mm; margin: 5mm }
* { box-sizing: border-box }
body { font-family: "Noto Sans", Roboto, Arial, "Liberation Sans", sans-serif; color: #000;
  background: #fff; margin: 0 auto; padding: 2mm; max-width: 95mm; font-size: 11pt;
  line-height: 1.3 }
h1 { font-size: 17pt; margin: 0 }
p { margin: 0 0 2mm }
ol { columns: 2; column-gap: 4mm; list-style: none; margin: 3mm 0; padding: 3mm;
  border: 0.5mm solid #000; font-size: 16pt; font-weight: 700; line-height: 1.35 }
li { break-inside: avoid; white-space: nowrap }
li span { display: inline-block; width: 8mm; font-size: 11pt; font-weight: 400 }
@media print { body { padding: 0 } }
svg { display: block; width: 36mm; height: 36mm; float: right; margin: 0 0 2mm 3mm }
"""


def page_of(slip: Slip, city: str, text: Words) -> bytes:
    """The page, in UTF-8. Whoever has it has the slip.

    Args:
        city: the city's name, as people know it.
    """
    words = "".join(
        f"<li><span>{place}.</span>{escape(word)}</li>" for place, word in enumerate(slip.words, 1)
    )
    told = "".join(f"<p>{escape(text(key))}</p>" for key in ("slip.use", "slip.keep", "slip.lost"))
    code = qr.drawn(slip.qr, "svg", xmldecl=False, omitsize=True, nl=False).decode()
    title = escape(text("slip.title"))
    return (
        f'<!doctype html><html lang="{text.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{escape(city)}</p>"
        f"<ol>{words}</ol>{code}{told}</body></html>\n"
    ).encode()
