"""How a sign is matched: all, none, near, quote, groups."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.match import NOWHERE, Found, Place, RuleSet, _tightest
from bot.rules.schema import parse_rule_file

TERMS = ("@a", "@b", "@c", "#page", "#whole")


def rule_set(*, file: str = "f", words: dict[str, list[str]] | None = None, **sign: Any) -> RuleSet:
    data = {"about": "x", "words": words or {}, "sign": [{"id": "s", "points": -1, **sign}]}
    return RuleSet({file: parse_rule_file(f"{file}.toml", data)}, TERMS, {"some": ["@a", "#page"]})


def place(rules: RuleSet, **places: Any) -> Place | None:
    """Where the sign fired, or None. Keywords: ``a`` for ``@a``, ``_page`` for ``#page``, ``f_own`` for ``f:own``."""
    named = {key.replace("f_", "f:") if key[:2] == "f_" else f"@{key}": value for key, value in places.items()}
    named = {f"#{key[2:]}" if key[:2] == "@_" else key: value for key, value in named.items()}
    found = rules.match(Found({key: [Place(*p) for p in value] for key, value in named.items()}))
    assert len(found) <= 1
    return found[0].place if found else None


def test_every_entry_of_all_must_occur() -> None:
    rules = rule_set(all=["@a", "@b"])
    assert place(rules, a=[(0, 2)]) is None
    assert place(rules, b=[(0, 2)]) is None
    assert place(rules, a=[(0, 2)], b=[(90, 92)]) == (0, 2)


def test_one_alternative_is_enough() -> None:
    rules = rule_set(all=["@a|@b"])
    assert place(rules, a=[(0, 2)]) == (0, 2)
    assert place(rules, b=[(4, 6)]) == (4, 6)
    assert place(rules, c=[(4, 6)]) is None


def test_nothing_of_none_may_occur() -> None:
    rules = rule_set(all=["@a"], none=["@b", "@c|#page"])
    assert place(rules, a=[(0, 2)]) == (0, 2)
    for banned in ("b", "c", "_page"):
        assert place(rules, a=[(0, 2)], **{banned: [(5, 6)]}) is None


def test_a_group_stands_for_its_terms() -> None:
    assert place(rule_set(all=["$some"]), _page=[(3, 9)]) == (3, 9)
    assert place(rule_set(all=["@b"], none=["$some"]), b=[(0, 2)], _page=[(3, 9)]) is None


def test_own_word_lists_belong_to_their_file() -> None:
    rules = rule_set(words={"own": ["甲"]}, all=["own"])
    assert place(rules, f_own=[(1, 2)]) == (1, 2)
    assert not rules.match(Found({"g:own": [Place(1, 2)], "own": [Place(1, 2)]}))


def test_nothing_found_nothing_fires() -> None:
    assert not rule_set(all=["@a"]).match(Found({}))
    assert not rule_set(all=["@a"]).match(Found({"@unheard": [Place(0, 1)]}))


# ── near ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("start", "fires"), [(8, True), (9, False), (500, False)])
def test_near_counts_from_the_first_to_the_last_character(start: int, fires: bool) -> None:
    rules = rule_set(all=["@a", "@b"], near=10)
    assert (place(rules, a=[(0, 2)], b=[(start, start + 2)]) is not None) is fires


def test_near_takes_any_pair_that_is_near() -> None:
    rules = rule_set(all=["@a", "@b"], near=10, quote=-1)
    assert place(rules, a=[(0, 2), (50, 52)], b=[(20, 22), (56, 58)]) == (50, 58)


def test_near_does_not_ask_for_an_order() -> None:
    assert place(rule_set(all=["@a", "@b"], near=10, quote=-1), a=[(6, 8)], b=[(0, 2)]) == (0, 8)


def test_ordered_asks_for_the_order_of_all() -> None:
    rules = rule_set(all=["@a", "@b"], near=10, ordered=True, quote=-1)
    assert place(rules, a=[(0, 2)], b=[(6, 8)]) == (0, 8)
    assert place(rules, a=[(6, 8)], b=[(0, 2)]) is None
    assert place(rules, a=[(6, 8)], b=[(0, 2), (9, 11)]) == (6, 11)


def test_features_of_the_whole_message_are_near_everything() -> None:
    rules = rule_set(all=["@a", "#whole"], near=4)
    assert place(rules, a=[(30, 32)], _whole=[NOWHERE]) == (30, 32)


# ── quote ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("quote", "shown"), [(0, (5, 7)), (1, (20, 24)), (-1, (5, 24))])
def test_quote_says_what_is_shown(quote: int, shown: tuple[int, int]) -> None:
    rules = rule_set(all=["@a", "@b"], quote=quote)
    assert place(rules, a=[(5, 7), (40, 42)], b=[(20, 24)]) == shown


def test_quote_near_shows_the_place_within_the_stretch() -> None:
    rules = rule_set(all=["@a", "@b"], near=10, quote=1)
    assert place(rules, a=[(50, 52)], b=[(0, 2), (54, 56)]) == (54, 56)


@pytest.mark.parametrize("quote", [0, -1])
def test_a_sign_without_a_place_is_shown_nowhere(quote: int) -> None:
    assert place(rule_set(all=["#whole"], quote=quote), _whole=[NOWHERE]) == NOWHERE


def test_an_entry_with_and_without_places_shows_the_place() -> None:
    rules = rule_set(all=["#whole|@a"])
    assert place(rules, _whole=[NOWHERE], a=[(3, 5)]) == (3, 5)


# ── against brute force ──────────────────────────────────────────────────────────────────────────────────

PLACES = st.builds(lambda start, length: Place(start, start + length), st.integers(0, 30), st.integers(1, 6))
OPTIONS = st.lists(st.lists(PLACES, min_size=1, max_size=4), min_size=1, max_size=4)


def brute_force(options: list[list[Place]], reach: int) -> int | None:
    """The length of the shortest stretch that holds one place of every entry, if it is within reach."""
    lengths = (max(p.end for p in chosen) - min(p.start for p in chosen) for chosen in product(*options))
    return min((length for length in lengths if length <= reach), default=None)


@given(OPTIONS, st.integers(1, 40))
def test_tightest_agrees_with_brute_force(options: list[list[Place]], reach: int) -> None:
    found = _tightest(options, reach)
    assert (found.end - found.start if found else None) == brute_force(options, reach)


@given(OPTIONS, st.integers(1, 40))
def test_the_stretch_holds_one_place_of_every_entry(options: list[list[Place]], reach: int) -> None:
    found = _tightest(options, reach)
    if found:
        assert all(any(found.start <= p.start and p.end <= found.end for p in places) for places in options)


@given(OPTIONS, st.integers(1, 40))
def test_entries_without_a_place_do_not_count(options: list[list[Place]], reach: int) -> None:
    assert _tightest([*options, [NOWHERE]], reach) == _tightest(options, reach)
    assert _tightest([[NOWHERE]], reach) == NOWHERE


@given(OPTIONS, st.integers(1, 40))
def test_in_order_the_stretch_exists_where_brute_force_finds_one(options: list[list[Place]], reach: int) -> None:
    # Places that begin together have no order.
    options = [[Place(p.start * 4 + i, p.end * 4 + i) for p in places] for i, places in enumerate(options)]
    chosen = [c for c in product(*options) if all(one.start < next_.start for one, next_ in pairwise(c))]
    exists = any(max(p.end for p in c) - c[0].start <= reach * 4 for c in chosen)
    assert (_tightest(options, reach * 4, ordered=True) is not None) is exists
