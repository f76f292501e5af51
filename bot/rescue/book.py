"""The guide together with the directory: whom to call, by name and number. No number comes from anywhere else."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.errors import DataError
from bot.institutions import Use
from bot.reply.fill import line
from bot.reply.model import HotlineNumber, Line, Plain
from bot.reply.numbers import is_local, main_line
from bot.rescue.case import banks as named_banks
from bot.rescue.schema import OWN_BANK, REGIONAL, Guide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.institutions import Directory
    from bot.reply.knows import Lines
    from bot.rescue.case import Case
    from bot.rescue.schema import Part
    from bot.texts import Texts

_BANK = "bank"
_MAINLAND = "CN"
LONGEST_NAME = 16
"""Characters of a message that may be the name of a bank."""


class Book:
    """See the module. Immutable once made.

    A sentence that says to call a number which the operator withdrew is left out of :attr:`guide`.

    Raises:
        DataError: The guide names a row that is not in the directory, or a bank that is none.
    """

    def __init__(self, guide: Guide, directory: Directory, general_lines: Mapping[str, Lines]) -> None:
        self._directory = directory
        self._general_lines = general_lines
        self._check(guide)
        self.guide = replace(
            guide,
            steps=tuple(filter(self._can_be_said, guide.steps)),
            urgent=tuple(filter(self._can_be_said, guide.urgent)),
            closing=tuple(filter(self._can_be_said, guide.closing)),
        )

    @cached_property
    def bank_ids(self) -> frozenset[str]:
        """Every bank that may be somebody's own."""
        return frozenset(row.id for row in self._directory if row.kind == _BANK)

    def has_number(self, institution: str) -> bool:
        """Whether an institution has a number to call."""
        return main_line(self._directory.get(institution)) is not None

    def name(self, institution: str) -> str:
        """The institution's name."""
        return self._directory.get(institution).name

    def bank_buttons(self, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of the banks for the first and the second page: the SMS's own first, abroad those of the region."""
        if case.abroad:
            region = self.region_lines(case)
            here = tuple(row.id for row in self._directory if row.kind == _BANK and row.region == region)
            return here, ()
        claimed = (case.institution,) if case.institution in self.bank_ids else ()
        first = tuple(dict.fromkeys((*claimed, *self.guide.first_banks)))
        main = (row.id for row in self._directory.by_kind(_BANK))
        return first, tuple(bank for bank in main if bank not in first)

    @staticmethod
    def may_be_a_name(text: str) -> bool:
        """Whether a message is short enough to be the name of a bank, and no number."""
        return 0 < len(text.strip()) <= LONGEST_NAME and not any(character.isdecimal() for character in text)

    def bank_named(self, text: str, case: Case) -> str | None:
        """The bank of the person's region that a short message names and nothing else, or None."""
        if not self.may_be_a_name(text):
            return None
        region = self.region_lines(case) or _MAINLAND
        found = self._directory.search(text.strip())
        rows = [row for row in found.institutions if row.kind == _BANK and row.region == region]
        exact = [row for row in rows if row.name == text.strip()]
        return (exact or rows)[0].id if len(exact or rows) == 1 else None

    def number(self, institution: str) -> HotlineNumber:
        """The main number of a row that is known to have one."""
        found = main_line(self._directory.get(institution))
        assert found is not None
        return HotlineNumber(found.number)

    def number_for_sms(self, institution: str) -> HotlineNumber:
        """The number that takes a forwarded SMS: one for messages only, else the main number."""
        lines = self._directory.get(institution).lines
        found = next((line.number for line in lines if line.use is Use.SMS), None)
        return HotlineNumber(found) if found else self.number(institution)

    def own_banks(self, case: Case, texts: Texts) -> Line:
        """The person's banks by name and number, as running text; the back of the card where none was named."""
        said: list[Line] = []
        for bank in named_banks(case, self.guide):
            row = self._directory.get(bank)
            found = main_line(row)
            # The mainland's short numbers are somebody else's abroad, if anybody's.
            if found is None or (case.abroad and row.region != self.region_lines(case)):
                said.append(line(texts, "own-bank-no-number", name=row.name))
            elif is_local(found):
                number = HotlineNumber(found.number)
                said.append(line(texts, "own-bank-local", name=row.name, number=number, purpose=found.purpose))
            else:
                said.append(line(texts, "own-bank", name=row.name, number=HotlineNumber(found.number)))
        if not said:
            return line(texts, "own-bank-unknown")
        joined = list(said[0])
        for more in said[1:]:
            joined += [Plain(texts("list-joiner")), *more]
        return tuple(joined)

    def region_lines(self, case: Case) -> str | None:
        """The person's region in ``general_lines.toml``; None while unknown, and where no line is known."""
        region = self.guide.regions.get(case.region or "")
        return region.lines if region else None

    def regional(self, case: Case) -> str | None:
        """The row of the line to call in the person's region outside the mainland, or None."""
        region = self.region_lines(case)
        return self._general_lines[region].advice if region and region != _MAINLAND else None

    def foreign_lines(self) -> dict[str, HotlineNumber]:
        """The lines outside the mainland by the id of their region."""
        return {
            region.id: self.number(self._general_lines[region.lines].advice)
            for region in self.guide.regions.values()
            if region.lines and region.lines != _MAINLAND
        }

    def arguments(self, part: Part, case: Case, texts: Texts) -> dict[str, str | HotlineNumber | Line]:
        """Whom a sentence says to call: ``number`` (and ``name``) of the first, each by its row and means, ``bank``."""
        said: dict[str, str | HotlineNumber | Line] = {}
        for called in part.call:
            if called == OWN_BANK:
                said["bank"] = self.own_banks(case, texts)
                continue
            row = self.regional(case) if called == REGIONAL else called
            if row is None:
                continue
            said.setdefault("number", self.number(row))
            said.setdefault("name", self.name(row))
            said.setdefault(row, self.number(row))
            said.update({means.id: self.number(row) for means in self.guide.means.values() if means.institution == row})
        return said

    def _can_be_said(self, part: Part) -> bool:
        return all(row in {OWN_BANK, REGIONAL} or self.has_number(row) for row in part.call)

    def _check(self, guide: Guide) -> None:
        parts = (*guide.steps, *guide.urgent, *guide.guard, *guide.closing)
        called = [(part.id, row) for part in parts for row in part.call if row not in {OWN_BANK, REGIONAL}]
        called += [(means.id, means.institution) for means in guide.means.values() if means.institution]
        for place, row in called:
            if row not in self._directory:
                raise DataError(f"data/rescue: {place} calls {row}, which is not in data/institutions; mend the id")
        for bank in guide.first_banks:
            if bank not in self.bank_ids:
                raise DataError(f"data/rescue/triage.toml: banks.first: {bank} is no bank of data/institutions")
        for region in guide.regions.values():
            if region.lines and region.lines not in self._general_lines:
                raise DataError(f"data/rescue/triage.toml: {region.id}: no region {region.lines} in general_lines.toml")
