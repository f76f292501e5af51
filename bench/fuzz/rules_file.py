"""``bot.rules``: a rule file that anybody wrote is taken, or refused with a ``DataError``; then it matches."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path

from bot.concepts import index_words, load_concepts
from bot.datafile import read_toml
from bot.errors import DataError
from bot.features import FEATURES
from bot.paths import DATA
from bot.rules.match import Found, Place, RuleSet
from bot.rules.schema import RuleFile, load_rule_file, terms_of


@cache
def _path() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="zhendema-fuzz-")
    atexit.register(folder.cleanup)
    return Path(folder.name) / "rule.toml"


@cache
def _concepts() -> tuple[str, ...]:
    return tuple(f"@{name}" for name in load_concepts(DATA / "lexicon" / "concepts"))


@cache
def _groups() -> dict[str, list[str]]:
    return read_toml(DATA / "judgement" / "groups.toml")


def run(data: bytes) -> RuleFile | None:
    """What is timed: None where the file is refused."""
    _path().write_bytes(data)
    try:
        return load_rule_file(_path())
    except DataError as error:
        if "rule.toml" not in str(error):
            raise AssertionError("the message does not name the file") from error
        return None


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    rule = run(data)
    if rule is None:
        return
    try:
        rules = RuleSet({"rule": rule}, [*_concepts(), *FEATURES], _groups())
    except DataError:
        return
    index_words({}, {f"rule:{key}": words for key, words in rule.words.items()})
    terms = dict.fromkeys(term for sign in rule.sign for term in terms_of(sign))
    places = {
        term if term[0] in "@#$" else f"rule:{term}": [Place(at, at + 2), Place(at + 5, at + 9)]
        for at, term in enumerate(terms)
    }
    for match in rules.match(Found(places)):
        assert match.place.start <= match.place.end, "a place that ends before it begins"
    rules.near_misses(places)
