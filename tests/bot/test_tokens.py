"""The private tokenizer: no cache file, offsets that stay true, words only where words begin and end."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Span
from bot.tokens import PLACEHOLDER, Cutter, mask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORDS = ("刷单", "法院", "验证码", "安全账户", "停用", "贷款额度")


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter(WORDS)


def words_in(cutter: Cutter, text: str, word: str, masked: tuple[Span, ...] = ()) -> Iterator[int]:
    """Where ``word`` stands as a word."""
    boundaries = cutter.boundaries(text, masked)
    at = text.find(word)
    while at >= 0:
        if at in boundaries and at + len(word) in boundaries:
            yield at
        at = text.find(word, at + 1)


def test_jiebas_cache_file_is_neither_written_nor_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    cached = tmp_path / "jieba.cache"
    poison = b"not a cache: loading this fails"
    cached.write_bytes(poison)
    tokenizer = Cutter(WORDS)
    assert tokenizer.cut("请把验证码发给我") == ["请", "把", "验证码", "发给", "我"]
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]
    assert cached.read_bytes() == poison


def test_no_cache_file_appears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    Cutter(WORDS).boundaries("您的贷款额度已到账")
    assert not list(tmp_path.iterdir())


def test_the_global_tokenizer_stays_untouched(cutter: Cutter) -> None:
    assert cutter.cut("安全账户") == ["安全账户"]
    assert not jieba.dt.initialized


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("印刷单位已登记备案", "刷单"),
        ("病人已无法院内转诊", "法院"),
        ("请印刷单据三份", "刷单"),
    ],
)
def test_a_word_across_two_others_is_none(cutter: Cutter, text: str, word: str) -> None:
    assert not list(words_in(cutter, text, word))


@pytest.mark.parametrize(
    ("text", "word", "at"),
    [
        ("招人刷单返佣金", "刷单", 2),
        ("请到法院领取传票", "法院", 2),
        ("某市人民法院通知", "法院", 4),
        ("资金转入安全账户核查", "安全账户", 4),
        ("您的账户已停用", "停用", 5),
    ],
)
def test_a_word_is_found(cutter: Cutter, text: str, word: str, at: int) -> None:
    assert list(words_in(cutter, text, word)) == [at]


def test_the_pieces_of_a_registered_word_are_words_too(cutter: Cutter) -> None:
    assert list(words_in(cutter, "查看贷款额度详情", "贷款")) == [2]
    assert list(words_in(cutter, "查看贷款额度详情", "贷款额度")) == [2]


def test_no_word_begins_or_ends_inside_a_link(cutter: Cutter) -> None:
    text = "请看a停用b.cn停用"
    link = Span(2, 8)
    assert text[slice(*link)] == "a停用b.c"
    assert list(words_in(cutter, text, "停用", (link,))) == [9]


def test_both_ends_of_a_masked_span_are_boundaries(cutter: Cutter) -> None:
    text = "回电13800138000谢谢"
    boundaries = cutter.boundaries(text, [Span(2, 13)])
    assert {0, 2, 13, len(text)} <= boundaries
    assert not boundaries & set(range(3, 13))


def test_mask_keeps_the_length_and_takes_overlapping_spans() -> None:
    assert mask("0123456789", [Span(6, 8), Span(2, 5), Span(4, 7)]) == f"01{PLACEHOLDER * 6}89"
    assert mask("abc", []) == "abc"
    assert mask("abc", [Span(1, 1)]) == "abc"


def test_nothing_has_one_boundary(cutter: Cutter) -> None:
    assert cutter.cut("") == []
    assert cutter.boundaries("") == {0}


ANY = st.text(max_size=120) | st.text("刷单位印法院无内贷款额度停用验证码a1. \n", max_size=60)


@settings(deadline=None)
@given(ANY)
def test_joined_the_tokens_are_the_text(text: str) -> None:
    tokens = shared().cut(text)
    assert "".join(tokens) == text


@settings(deadline=None)
@given(ANY, st.data())
def test_boundaries_lie_within_the_text_and_outside_masked_spans(text: str, data: st.DataObject) -> None:
    ends = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2)))
    span = Span(*ends)
    boundaries = shared().boundaries(text, [span])
    assert {0, len(text)} <= boundaries | set(range(span.start + 1, span.end))
    assert all(0 <= at <= len(text) for at in boundaries)
    assert not boundaries & set(range(span.start + 1, span.end))


_SHARED: list[Cutter] = []


def shared() -> Cutter:
    """One tokenizer for hypothesis, which takes no fixtures of a narrower scope."""
    if not _SHARED:
        _SHARED.append(Cutter(WORDS))
    return _SHARED[0]
