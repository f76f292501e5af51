"""Makes ``data/fonts/wqy-microhei.ttf`` and ``coverage.txt`` from WenQuanYi Micro Hei.

    python tools/build_font.py WQY-MICROHEI.TTC [OUT_FOLDER]

The collection is that of Debian's package fonts-wqy-microhei 0.2.0-beta-3.1 (``dpkg-deb -x``, then
usr/share/fonts/truetype/wqy/wqy-microhei.ttc). Its first face is kept, without Hangul, private use, combining marks,
hinting and layout tables: bot/picture.py draws character by character and drops marks. Needs fonttools, which is no
dependency of the project: ``pip install fonttools`` into an environment of its own first.

Some characters that the font claims have an empty glyph (the degree Celsius, the third tones of pinyin); they are
left out of both files, so that nothing is silently drawn as nothing.
"""

from __future__ import annotations

import sys
import unicodedata
from itertools import groupby
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTCollection

OUT = Path(__file__).resolve().parent.parent / "data" / "fonts"
FONT, COVERAGE = "wqy-microhei.ttf", "coverage.txt"
HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC))
"""Half a megabyte for what hardly any sheet of a Chinese speaker shows."""
UNDRAWN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})
"""Categories that bot/picture.py never draws."""
DROPPED_TABLES = ["FFTM", "GDEF", "GPOS", "GSUB", "gasp", "vhea", "vmtx"]
ADVICE = 10
"""The name record that describes the font; the licence wants a changed file to say that it is changed."""
CHANGED = " Changed: subset without Hangul, hinting and layout tables, by tools/build_font.py of zhendema."


def main(arguments: list[str]) -> int:
    """Reads the collection named first, writes into the folder named second."""
    if not 1 <= len(arguments) <= 2:  # noqa: PLR2004 - source and target
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(arguments[1]) if len(arguments) > 1 else OUT
    # The file's own time stays in it, so that the same source makes the same bytes.
    font = TTCollection(arguments[0], recalcTimestamp=False).fonts[0]
    kept = sorted(code for code, glyph in font.getBestCmap().items() if wanted(code) and shown(font, code, glyph))
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=["*"], name_languages=["*"], notdef_outline=True, glyph_names=False
    )
    options.drop_tables += DROPPED_TABLES
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID == ADVICE:
            record.string = record.toUnicode() + CHANGED
    target.mkdir(parents=True, exist_ok=True)
    font.save(target / FONT)
    head = f"# The characters of {FONT}, first and last code point of each range. Made by tools/build_font.py."
    (target / COVERAGE).write_text("\n".join([head, *ranges(kept)]) + "\n", encoding="ascii")
    print(f"{target / FONT}: {len(kept)} characters, {(target / FONT).stat().st_size:,} bytes")
    return 0


def wanted(code: int) -> bool:
    """Whether a sheet may show the character."""
    return unicodedata.category(chr(code)) not in UNDRAWN and not any(a <= code <= b for a, b in HANGUL)


def shown(font: Any, code: int, glyph: str) -> bool:  # noqa: ANN401 - fonttools' tables are untyped
    """Whether the glyph leaves ink, as all but spaces must."""
    return bool(font["glyf"][glyph].numberOfContours) or unicodedata.category(chr(code)) == "Zs"


def ranges(codes: list[int]) -> list[str]:
    """``["20-7E", "A0"]``: runs of following code points in hexadecimal."""
    runs = [[code for _, code in run] for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0])]
    return [f"{run[0]:X}-{run[-1]:X}" if run[1:] else f"{run[0]:X}" for run in runs]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
