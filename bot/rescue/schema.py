"""The guide for victims as it stands in ``data/rescue/``: what is asked, every step in order, every source.

All conditions speak of *facts*: short words such as ``moved`` (money has left). Which answer brings which facts is
said in ``triage.toml``; :func:`bot.rescue.case.facts` adds those that follow from the case as a whole.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from bot.datafile import read_toml
from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

OWN_BANK = "own-bank"
REGIONAL = "regional"
DERIVED = frozenset({"bank", "no-means", "fresh", "elsewhere", "helper", "unknown"})
"""Facts that no single answer brings; see :func:`bot.rescue.case.facts`."""


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str


E = TypeVar("E", bound=_Entry)
T = TypeVar("T")


class Situation(_Entry, frozen=True):
    """Something that may have happened; several may be true at once."""

    implies: tuple[str, ...] = ()
    asks_means: bool = False


class Means(_Entry, frozen=True):
    """How money left, besides the banks.

    ``institution`` is the row whose line is called; ``needs`` are facts of which one must hold, or it is not
    offered.
    """

    institution: str | None = None
    needs: tuple[str, ...] = ()


class When(_Entry, frozen=True):
    """How long ago, in hours at the moment of the answer; ``most`` is None where there is no limit."""

    least: int
    most: int | None = None


class Region(_Entry, frozen=True):
    """Where the person is. ``lines`` is a region of ``general_lines.toml``, None where no line is known."""

    lines: str | None = None


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A deadline of ``hours`` from the event, where all facts hold."""

    hours: int
    all: tuple[str, ...]
    sources: tuple[str, ...]


class Part(_Entry, frozen=True, kw_only=True):
    """A sentence with its condition and its sources: ``call`` names institutions, the own bank or the regional line."""

    region: Literal["mainland", "abroad", "any"]
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    sources: tuple[str, ...]

    def fits(self, facts: frozenset[str], *, abroad: bool) -> bool:
        """Whether it is for a person in this situation and place."""
        here = self.region == "any" or (self.region == "abroad") is abroad
        return (
            here
            and facts.issuperset(self.all)
            and (not self.any or not facts.isdisjoint(self.any))
            and facts.isdisjoint(self.none)
        )


class Step(Part, frozen=True, kw_only=True):
    """One thing to do. Of the steps with one ``topic`` a plan has at most one."""

    topic: str = ""
    say: bool = False
    clock: Clock | None = None

    @property
    def about(self) -> str:
        """The topic; by default the step stands for itself."""
        return self.topic or self.id


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a fact comes from. ``title`` and ``date`` are shown; ``where`` is for whoever checks it again."""

    title: str
    date: str
    where: str


class Guide(msgspec.Struct, frozen=True):
    """Everything in ``data/rescue/`` that a plan is made of, by id and in order."""

    situations: dict[str, Situation]
    first_banks: tuple[str, ...]
    means: dict[str, Means]
    whens: dict[str, When]
    regions: dict[str, Region]
    likely: dict[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    urgent: tuple[Part, ...]
    guard: tuple[Part, ...]
    closing: tuple[Part, ...]
    sources: dict[str, Source]


class Banks(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which banks' buttons stand on the first page."""

    first: tuple[str, ...]


class _Triage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    situation: tuple[Situation, ...]
    banks: Banks
    means: tuple[Means, ...]
    when: tuple[When, ...]
    region: tuple[Region, ...]
    likely: dict[str, tuple[str, ...]]


class _Openings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    urgent: tuple[Part, ...]
    guard: tuple[Part, ...]
    closing: tuple[Part, ...]


class _Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    step: tuple[Step, ...]


@cache
def guide() -> Guide:
    """Return the guide that comes with the package."""
    return load_guide()


def load_guide(folder: Path = DATA / "rescue") -> Guide:
    """Read and check the guide.

    Raises:
        DataError: A file is malformed, names something that is not there, or a sentence has no source; names the
            file, the entry and the mend.
    """
    triage = _read(folder / "triage.toml", _Triage)
    openings = _read(folder / "openings.toml", _Openings)
    steps = _read(folder / "steps.toml", _Steps).step
    table = read_toml(folder / "sources.toml")
    table.pop("collected", None)
    sources = _convert("sources.toml", table, dict[str, Source])
    made = Guide(
        situations=_by_id("triage.toml", triage.situation),
        first_banks=triage.banks.first,
        means=_by_id("triage.toml", triage.means),
        whens=_by_id("triage.toml", triage.when),
        regions=_by_id("triage.toml", triage.region),
        likely=triage.likely,
        steps=steps,
        urgent=openings.urgent,
        guard=openings.guard,
        closing=openings.closing,
        sources=sources,
    )
    _by_id("steps.toml", steps)
    _check(made)
    return made


def _check(made: Guide) -> None:
    known = DERIVED | made.situations.keys() | made.means.keys()
    known |= {fact for situation in made.situations.values() for fact in situation.implies}
    parts: list[tuple[str, Part]] = [("steps.toml", step) for step in made.steps]
    parts += [("openings.toml", part) for part in (*made.urgent, *made.guard, *made.closing)]
    for name, part in parts:
        _known_only(f"{name}: {part.id}", (*part.all, *part.any, *part.none), known, "fact")
        if not part.sources:
            raise DataError(f"data/rescue/{name}: {part.id} has no source; add one or take it out")
        _known_only(f"{name}: {part.id}", part.sources, made.sources, "source")
    for step in made.steps:
        if step.clock:
            _known_only(f"steps.toml: {step.id}", step.clock.all, known, "fact")
            _known_only(f"steps.toml: {step.id}", step.clock.sources, made.sources, "source")
    for category, likely in made.likely.items():
        _known_only(f"triage.toml: likely.{category}", likely, made.situations, "situation")
    for name, source in made.sources.items():
        if not (source.title.strip() and source.date.strip() and source.where.strip()):
            raise DataError(f"data/rescue/sources.toml: {name} lacks its title, date or place; add it")


def _known_only(place: str, used: Iterable[str], known: Iterable[str], what: str) -> None:
    for word in sorted(set(used) - set(known)):
        raise DataError(f"data/rescue/{place}: no {what} {word!r}; add it or mend the spelling")


def _by_id(name: str, entries: tuple[E, ...]) -> dict[str, E]:
    found: dict[str, E] = {}
    for entry in entries:
        if entry.id in found:
            raise DataError(f"data/rescue/{name}: {entry.id} is there twice; take one out")
        found[entry.id] = entry
    return found


def _read(path: Path, kind: type[T]) -> T:
    return _convert(path.name, read_toml(path), kind)


def _convert(name: str, table: Mapping[str, object], kind: type[T]) -> T:
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        raise DataError(f"data/rescue/{name}: {error}; mend that entry") from None
