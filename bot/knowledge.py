"""All that judging needs, loaded once: rules, concepts, institutions, tokenizer. Immutable and shared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bot.checks.identity import OfficialLabels, official_labels
from bot.checks.subject import Subjects, load_subjects
from bot.checks.wording import Weights, load_weights
from bot.concepts import WordIndex, index_words, load_concepts, words_of
from bot.datafile import read_toml
from bot.errors import DataError
from bot.features import FEATURES
from bot.hotlines import GeneralLines, load_general_lines
from bot.institutions import Directory
from bot.paths import DATA
from bot.rules.match import RuleSet
from bot.rules.schema import RuleFile, load_rule_file
from bot.scoring import Thresholds
from bot.tokens import Cutter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scam category; ``name`` is shown."""

    name: str


@dataclass(frozen=True, repr=False)
class Knowledge:
    """See the module. ``rules`` are the scam types by file name, for the tests and the documentation."""

    cutter: Cutter
    words: WordIndex
    rule_set: RuleSet
    rules: Mapping[str, RuleFile]
    directory: Directory
    thresholds: Thresholds
    categories: Mapping[str, Category]
    official: OfficialLabels
    odd_tlds: frozenset[str]
    general_lines: Mapping[str, GeneralLines]
    weights: Weights
    subjects: Subjects

    def __repr__(self) -> str:
        """Short: the rules and words would fill pages."""
        return f"<Knowledge: {len(self.rules)} rule files, {len(self.directory)} institutions>"

    @classmethod
    def load(
        cls, data: Path = DATA, overlay: Path | None = None, extra_rules: Mapping[str, RuleFile] | None = None
    ) -> Knowledge:
        """Loads everything from ``data``; takes about a second, most of it jieba's dictionary.

        Args:
            data: The folder of data files.
            overlay: A local TOML file that corrects or withdraws institutions' numbers (docs/institutions.md).
            extra_rules: Rule files by name that are added to those in ``data``, or stand in for them.

        Raises:
            DataError: A data file is malformed; the message names file, place and mend.
        """
        categories = load_categories(data / "categories.toml")
        concepts = load_concepts(data / "lexicon" / "concepts")
        rules = {**load_rules(data / "rules", categories), **(extra_rules or {})}
        judgement = {
            path.stem: load_rule_file(path)
            for path in sorted((data / "judgement").glob("*.toml"))
            if path.stem not in {"thresholds", "groups"}
        }
        for name, table in judgement.items():
            _check_categories(f"{name}.toml", table, categories)
        files = {**rules, **judgement}
        rule_words = {f"{name}:{key}": words for name, f in files.items() for key, words in f.words.items()}
        index = index_words(concepts, rule_words)
        directory = Directory.load(data / "institutions", overlay)
        words = [*words_of(concepts), *(w for ws in rule_words.values() for w in ws), *directory.words()]
        tlds = read_toml(data / "lexicon" / "tlds.toml")
        return cls(
            cutter=Cutter(words),
            words=index,
            rule_set=RuleSet(
                files,
                [*(f"@{name}" for name in concepts), *FEATURES],
                read_toml(data / "judgement" / "groups.toml"),
            ),
            rules=rules,
            directory=directory,
            thresholds=Thresholds.load(data / "judgement" / "thresholds.toml"),
            categories=categories,
            official=official_labels(directory),
            odd_tlds=frozenset(tlds["odd"]),
            general_lines=load_general_lines(data / "general_lines.toml", directory),
            weights=load_weights(data / "weights" / "wording.tsv"),
            subjects=load_subjects(data / "weights" / "subject.tsv", categories),
        )


def load_categories(path: Path) -> dict[str, Category]:
    """Category id → category.

    Raises:
        DataError: An entry has no name or an unknown key.
    """
    try:
        return msgspec.convert(read_toml(path), dict[str, Category])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name}: {error}") from None


def load_rules(folder: Path, categories: Mapping[str, Category]) -> dict[str, RuleFile]:
    """The scam types of ``folder`` by file name without ending.

    Raises:
        DataError: A file is malformed or names no known category.
    """
    return {path.stem: load_rule(path, categories) for path in sorted(folder.glob("*.toml"))}


def load_rule(path: Path, categories: Mapping[str, Category]) -> RuleFile:
    """One scam type.

    Raises:
        DataError: The file is malformed or names no known category.
    """
    rule = load_rule_file(path)
    if rule.category is None:
        raise DataError(f"{path.name}: 'category' is missing; name one of categories.toml")
    _check_categories(path.name, rule, categories)
    return rule


def _check_categories(name: str, rule: RuleFile, categories: Mapping[str, Category]) -> None:
    for category in (rule.category, *(sign.category for sign in rule.sign)):
        if category is not None and category not in categories:
            raise DataError(f"{name}: category {category!r} is not in categories.toml; add it there")
