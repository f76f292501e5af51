"""Puts the data files together and checks that they agree. Every fault names file, place and mend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import msgspec
from publicsuffixlist import PublicSuffixList

from bot.fold import fold_word
from bot.institutions import schema
from bot.institutions.types import Institution, Kind, Line, Use
from bot.institutions.words import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bot.institutions.matcher import Word


@dataclass(frozen=True, slots=True)
class Parts:
    """What a directory is made of."""

    rows: Mapping[str, Institution]
    kinds: tuple[Kind, ...]
    words: tuple[Word, ...]
    stop: schema.Stop
    abroad: frozenset[str]


def read_parts(folder: Path, overlay: Path | None) -> Parts:
    """Reads and checks every file of ``folder``, then applies ``overlay``."""
    raw = schema.read_rows(folder / "institutions.tsv")
    file = folder / "overrides.toml"
    overrides = schema.read_toml(file, schema.Overrides)
    _check_overrides(file, overrides, raw)
    kinds = _kinds(folder / "kinds.toml", raw)
    rows = {row.id: _institution(row, overrides) for row in raw.values()}
    if overlay is not None:
        rows = _overlaid(rows, overlay, overrides.withdrawn)
    stop = schema.read_toml(folder / "stop.toml", schema.Stop)
    stop = msgspec.convert(
        {name: tuple(fold_word(w) for w in words) for name, words in msgspec.structs.asdict(stop).items()}, schema.Stop
    )
    words = gather(folder, raw, overrides.cards, stop.words)
    return Parts(rows, kinds, words, stop, frozenset(overrides.abroad.rows))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=False)


def is_registrable(domain: str) -> bool:
    """True for a domain that stands directly below a public suffix."""
    return bool(_suffixes().privatesuffix(domain) == domain)


def _institution(row: schema.Row, overrides: schema.Overrides) -> Institution:
    uses = overrides.uses.get(row.id, {})
    return Institution(
        id=row.id,
        name=overrides.names.get(row.id, row.name),
        kind=row.kind,
        region=row.region,
        confidence=row.confidence,
        lines=tuple(Line(number, purpose, uses.get(number, Use.CALL)) for number, purpose in row.lines),
        senders=row.senders,
        domains=row.domains,
        unproven_domains=row.unproven_domains,
        caution=overrides.cautions.get(row.id, ""),
        candidates=overrides.candidates.get(row.id, ()),
        card_center=overrides.cards.get(row.id),
    )


def _check_overrides(file: Path, overrides: schema.Overrides, rows: Mapping[str, schema.Row]) -> None:
    tables: dict[str, Iterable[str]] = {
        "names": overrides.names,
        "uses": overrides.uses,
        "cards": [*overrides.cards, *overrides.cards.values()],
        "candidates": [*overrides.candidates, *(i for ids in overrides.candidates.values() for i in ids)],
        "subdomains": overrides.subdomains,
        "abroad": overrides.abroad.rows,
        "cautions": overrides.cautions,
    }
    for table, ids in tables.items():
        require_ids(file, table, ids, rows)
    for institution, uses in overrides.uses.items():
        listed = {number for number, _ in rows[institution].lines}
        for number in uses:
            if number not in listed:
                raise schema.fault(file, f"uses.{institution}", f"{number} is no number of this row; delete it")
    for institution, ids in overrides.candidates.items():
        if not ids or rows[institution].lines:
            raise schema.fault(
                file, f"candidates.{institution}", "an ambiguous row has candidates and no number of its own; mend one"
            )
    for row in rows.values():
        for domain in (*row.domains, *row.unproven_domains):
            if not is_registrable(domain) and domain not in overrides.subdomains.get(row.id, ()):
                raise schema.fault(
                    file, f"subdomains.{row.id}", f"{domain} is not a registrable domain; list it here or drop it"
                )


def require_ids(file: Path, place: str, ids: Iterable[str], rows: Mapping[str, object]) -> None:
    """Raises where an id has no row."""
    for institution in ids:
        if institution not in rows:
            raise schema.fault(file, place, f"no row has the id {institution}; mend the spelling")


def _kinds(file: Path, rows: Mapping[str, schema.Row]) -> tuple[Kind, ...]:
    entries = schema.read_toml(file, schema.KindsFile).kind
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise schema.fault(file, f"kind {entry.id}", "stands twice; delete one")
        seen.add(entry.id)
        require_ids(file, f"kind {entry.id}", entry.main, rows)
        for institution in entry.main:
            if rows[institution].kind != entry.id:
                raise schema.fault(file, f"kind {entry.id}", f"{institution} is a {rows[institution].kind}; move it")
    for row in rows.values():
        if row.kind not in seen:
            raise schema.fault(file, f"kind {row.kind}", f"is missing ({row.id} has it); add it with a label")
    return tuple(Kind(entry.id, entry.label, entry.main) for entry in entries)


def _overlaid(rows: dict[str, Institution], file: Path, withdrawn: str) -> dict[str, Institution]:
    changed = dict(rows)
    for institution, change in schema.read_toml(file, schema.Overlay).change.items():
        require_ids(file, f"change.{institution}", [institution], rows)
        changed[institution] = _changed(rows[institution], change, file, withdrawn)
    return changed


def _changed(row: Institution, change: schema.Change, file: Path, withdrawn: str) -> Institution:
    place = f"change.{row.id}"
    if change.withdraw_row:
        # The names stay known, so that no shorter namesake takes their place.
        return replace(
            row,
            confidence="C",
            lines=(),
            senders=(),
            domains=(),
            unproven_domains=(),
            candidates=(),
            caution=change.caution or withdrawn,
        )
    kept = _minus(tuple(line.number for line in row.lines), change.withdraw_numbers, file, place, "withdraw_numbers")
    lines = tuple(line for line in row.lines if line.number in kept)
    added = tuple(Line(new.number, new.purpose, new.use) for new in change.add_lines)
    for line in added:
        if any(line.number == old.number for old in lines):
            raise schema.fault(file, f"{place}.add_lines", f"{line.number} is there already; withdraw it first")
    for domain in change.add_domains:
        if not is_registrable(domain):
            raise schema.fault(file, f"{place}.add_domains", f"{domain} is not a registrable domain; shorten it")
    keep = _keeper(row, change, file, place)
    return replace(
        row,
        name=change.name or row.name,
        # A number that the operator adds is vouched for by the operator.
        confidence="B" if row.confidence == "C" and added else row.confidence,
        lines=lines + added,
        # A withdrawn number does not live on as a sender.
        senders=tuple(
            s
            for s in _minus(row.senders, change.withdraw_senders, file, place, "withdraw_senders")
            if s not in change.withdraw_numbers
        )
        + change.add_senders,
        domains=keep(row.domains) + change.add_domains,
        unproven_domains=keep(row.unproven_domains),
        caution=row.caution if change.caution is None else change.caution,
    )


def _keeper(
    row: Institution, change: schema.Change, file: Path, place: str
) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    _minus(row.domains + row.unproven_domains, change.withdraw_domains, file, place, "withdraw_domains")
    gone = {*change.withdraw_domains, *change.add_domains}
    return lambda domains: tuple(domain for domain in domains if domain not in gone)


def _minus(have: tuple[str, ...], gone: tuple[str, ...], file: Path, place: str, key: str) -> tuple[str, ...]:
    for value in gone:
        if value not in have:
            raise schema.fault(file, f"{place}.{key}", f"{value} is not listed for this row; mend the spelling")
    return tuple(value for value in have if value not in gone)
