from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.copies import grouped
from bot.likeness import AT_LEAST


def plainly(texts: dict[str, frozenset[int]]) -> list[list[str]]:
    """The same in the plainest words: go on joining groups that hold a pair of near copies."""
    groups = [{name} for name in texts]
    joined = True
    while joined:
        joined = False
        for one, other in combinations(groups, 2):
            if any(len(texts[a] & texts[b]) >= AT_LEAST for a in one for b in other):
                groups.remove(other)
                one.update(other)
                joined = True
                break
    return [[name for name in texts if name in group] for group in groups]


def _ordered(groups: list[list[str]]) -> list[list[str]]:
    return sorted(groups)


# Few bands, so that they meet often; texts without any among them.
@given(st.lists(st.frozensets(st.integers(0, 14), max_size=5), max_size=14))
def test_the_same_groups_as_by_looking_at_each_pair(bands: list[frozenset[int]]) -> None:
    texts = {f"{at:02}": own for at, own in enumerate(bands)}
    found = grouped(texts)
    assert _ordered(found) == _ordered(plainly(texts))
    assert found == _ordered(found)  # in the order of their first text


# Campaigns of wide sets: whole chains whose ends have nothing in common.
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 6)), max_size=25), st.randoms(use_true_random=False))
def test_chains_in_any_order(spans: list[tuple[int, int]], chance: object) -> None:
    bands = [frozenset(range(start, start + length)) for start, length in spans]
    chance.shuffle(bands)  # type: ignore[attr-defined]
    texts = {f"{at:02}": own for at, own in enumerate(bands)}
    assert _ordered(grouped(texts)) == _ordered(plainly(texts))


@pytest.mark.parametrize("shared", range(4))
def test_enough_bands_in_common_and_not_one_less(shared: int) -> None:
    one = frozenset(range(16))
    other = frozenset([*range(shared), *range(100, 116 - shared)])
    assert len(grouped({"one": one, "other": other})) == (1 if shared >= AT_LEAST else 2)


def test_bands_shared_with_two_texts_of_one_group_do_not_add_up() -> None:
    group = {"a": frozenset({1, 2, 3}), "b": frozenset({2, 3, 4})}
    assert grouped(group | {"c": frozenset({1, 4, 9})}) == [["a", "b"], ["c"]]


def test_texts_without_bands_are_alone() -> None:
    assert grouped({"a": frozenset[int](), "b": frozenset(), "c": frozenset({1})}) == [["a"], ["b"], ["c"]]
    assert grouped({}) == []
