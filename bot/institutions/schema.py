"""What the data files may hold, and how they are read. Every fault names file, place and mend."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec

from bot.errors import DataError
from bot.institutions.types import Use

if TYPE_CHECKING:
    from pathlib import Path

MANUAL = "docs/institutions.md"
COLUMNS = (
    "id", "name", "kind", "region", "confidence", "lines", "senders", "domains", "unproven_domains", "aliases",
    "evidence",
)  # fmt: skip

NUMBER = r"^(?:\+\d{8,15}|1\d{2,4}|1\d{7}|9\d{2}|9[56]\d{3,7}|[48]00\d{7}|0\d{7,11})$"
"""Short public numbers, 10xxxxxx, 95/96, 400/800, a landline with its area code, or +country."""
SENDER = r"^\+?\d{3,20}$"
DOMAIN = r"^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$"

Number = Annotated[str, msgspec.Meta(pattern=NUMBER)]
Sender = Annotated[str, msgspec.Meta(pattern=SENDER)]
Domain = Annotated[str, msgspec.Meta(pattern=DOMAIN)]
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_]+$")]
Region = Literal["CN", "HK", "TW", "MO", "SG", "MY"]
Confidence = Literal["A", "B", "C"]
WordScope = Literal["anywhere", "claim", "sign", "office", "search"]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table that refuses keys it does not know."""


class Row(Strict, frozen=True):
    """A line of ``institutions.tsv``."""

    id: Id
    name: Text
    kind: Word
    region: Region
    confidence: Confidence
    lines: tuple[tuple[Number, str], ...]
    senders: tuple[Sender, ...]
    domains: tuple[Domain, ...]
    unproven_domains: tuple[Domain, ...]
    aliases: tuple[Word, ...]


class Review(Strict, frozen=True):
    """The reviewed aliases of one row in ``aliases/*.toml``."""

    anywhere: tuple[Word, ...] = ()
    claim: tuple[Word, ...] = ()
    sign: tuple[Word, ...] = ()
    office: tuple[Word, ...] = ()
    search: tuple[Word, ...] = ()
    leave: tuple[Word, ...] = ()


class Shared(Strict, frozen=True):
    """An entry of ``shared.toml``: words that several rows bear."""

    words: tuple[Word, ...]
    scope: WordScope
    of: tuple[Id, ...]
    simplified: tuple[Id, ...] | None = None
    traditional: tuple[Id, ...] | None = None
    printed: bool = True


class SharedFile(Strict, frozen=True):
    """``shared.toml``."""

    shared: tuple[Shared, ...] = ()


class Named(Strict, frozen=True):
    """A known other institution."""

    name: Text
    words: tuple[Word, ...]


class Group(Strict, frozen=True):
    """Known others of one region and kind."""

    region: Region
    kind: Word
    names: tuple[Named, ...]


class OthersFile(Strict, frozen=True):
    """``others.toml``."""

    group: tuple[Group, ...] = ()


class Stop(Strict, frozen=True):
    """``stop.toml``."""

    words: tuple[Word, ...]
    tails: tuple[Word, ...]
    short_tails: tuple[Word, ...]
    titles: tuple[Word, ...]
    intro: tuple[Word, ...]
    speech: tuple[Word, ...]
    sign_speech: tuple[Word, ...]
    dear: tuple[Word, ...]
    dear_tails: tuple[Word, ...]
    greetings: tuple[Word, ...]
    yours: tuple[Word, ...]
    yours_tails: tuple[Word, ...]
    places: tuple[Word, ...]


class KindEntry(Strict, frozen=True):
    """An entry of ``kinds.toml``."""

    id: Word
    label: Text
    main: tuple[Id, ...]


class KindsFile(Strict, frozen=True):
    """``kinds.toml``."""

    kind: tuple[KindEntry, ...]


class Abroad(Strict, frozen=True):
    """Rows with namesakes in Hong Kong or Taiwan."""

    rows: tuple[Id, ...]


class Overrides(Strict, frozen=True):
    """``overrides.toml``."""

    abroad: Abroad
    withdrawn: Text
    names: dict[Id, Text] = {}
    uses: dict[Id, dict[str, Use]] = {}
    cards: dict[Id, Id] = {}
    candidates: dict[Id, tuple[Id, ...]] = {}
    subdomains: dict[Id, tuple[Domain, ...]] = {}
    cautions: dict[Id, Text] = {}


class NewLine(Strict, frozen=True):
    """A number that an overlay adds."""

    number: Number
    purpose: str = "客服"
    use: Use = Use.CALL


class Change(Strict, frozen=True):
    """What an overlay changes in one row."""

    withdraw_row: bool = False
    withdraw_numbers: tuple[Number, ...] = ()
    add_lines: tuple[NewLine, ...] = ()
    withdraw_senders: tuple[Sender, ...] = ()
    add_senders: tuple[Sender, ...] = ()
    withdraw_domains: tuple[Domain, ...] = ()
    add_domains: tuple[Domain, ...] = ()
    name: Text | None = None
    caution: str | None = None


class Overlay(Strict, frozen=True):
    """A local overlay file."""

    change: dict[Id, Change] = {}


T = TypeVar("T")


def fault(file: Path, place: str, mend: str) -> DataError:
    """The error for a malformed data file."""
    return DataError(f"{file}: {place}: {mend} (see {MANUAL})")


def read_toml(file: Path, kind: type[T]) -> T:
    """Reads a TOML file as ``kind``."""
    try:
        raw: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise fault(
            file, "file", f"cannot be read: {error.strerror or error}; put it there or drop the setting"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise fault(file, "syntax", f"not valid TOML: {error}; mend that line") from error
    return converted(raw, kind, file)


def converted(raw: object, kind: type[T], file: Path, where: str = "") -> T:
    """``raw`` checked against ``kind``."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `")
        place = where + path.rstrip("`").replace("$", "", 1).lstrip(".")
        raise fault(file, place or "top level", f"{message}; mend the value or the key") from error


def read_rows(file: Path) -> dict[str, Row]:
    """Reads ``institutions.tsv``."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise fault(file, "file", "cannot be read; run tools/build_institutions.py") from error
    if not lines or tuple(lines[0].split("\t")) != COLUMNS:
        raise fault(file, "line 1", f"the columns must be {', '.join(COLUMNS)}; run tools/build_institutions.py")
    rows: dict[str, Row] = {}
    for count, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            raise fault(file, f"line {count}", f"has {len(cells)} columns, not {len(COLUMNS)}; mend the tabs")
        row = _row(dict(zip(COLUMNS, cells, strict=True)), file, count)
        if row.id in rows:
            raise fault(file, f"line {count}, id {row.id}", "this id stands twice; rename or delete one row")
        rows[row.id] = row
    return rows


def _row(cells: dict[str, str], file: Path, count: int) -> Row:
    del cells["evidence"]  # for people who check the table
    raw: dict[str, Any] = dict(cells)
    for column in ("lines", "senders", "domains", "unproven_domains", "aliases"):
        raw[column] = [part for part in cells[column].split("|") if part]
    raw["lines"] = [re.split(":", line, maxsplit=1) for line in raw["lines"]]
    where = f"line {count}, id {cells['id']}, "
    if any(len(line) != 2 for line in raw["lines"]):  # noqa: PLR2004 - number and purpose
        raise fault(file, where + "lines", "write number:purpose")
    row = converted(raw, Row, file, where)
    if row.confidence == "C" and row.lines:
        raise fault(file, where + "lines", "confidence C shows no number; raise the confidence or drop the number")
    return row
