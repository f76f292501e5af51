"""Concepts: whole words only, and what a negation reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.concepts import Concept, index_words, load_concepts, words_of
from bot.errors import DataError
from bot.fold import fold
from bot.tokens import Cutter

if TYPE_CHECKING:
    from pathlib import Path

CONCEPTS = {
    "click": Concept("opens a link", ("点击", "登录"), negatable=True),
    "give_code": Concept("hands over a code", ("提供验证码",), negatable=True),
    "code": Concept("the code", ("验证码",)),
    "job": Concept("easy work", ("刷单",)),
    "negation": Concept("turns it round", ("请勿", "切勿", "不要", "请勿向任何人")),
    "avoidance": Concept("names what is to be avoided by doing as told", ("避免",)),
}
INDEX = index_words(CONCEPTS, {"own:word": ("點擊領取", "验证码")})


@pytest.fixture(scope="module")
def cutter() -> Cutter:
    return Cutter([*words_of(CONCEPTS), "点击领取"])


def counted(cutter: Cutter, text: str) -> set[str]:
    """The terms that count: not negated."""
    text = fold(text).text
    return {hit.term for hit in INDEX.scan(text, cutter.boundaries(text)) if not hit.negated}


def test_a_word_counts_where_it_stands(cutter: Cutter) -> None:
    text = "请点击这里"
    hit, *more = INDEX.scan(text, cutter.boundaries(text))
    assert (hit.term, text[hit.start : hit.end], hit.negated) == ("@click", "点击", False)
    assert not more


def test_a_word_across_two_others_does_not_count(cutter: Cutter) -> None:
    assert "@job" not in counted(cutter, "印刷单位名单")
    assert "@job" in counted(cutter, "招刷单员")


def test_one_word_may_belong_to_several_terms(cutter: Cutter) -> None:
    assert counted(cutter, "收到验证码") == {"@code", "own:word"}


def test_words_are_folded_like_texts(cutter: Cutter) -> None:
    assert "own:word" in counted(cutter, "马上点击领取")
    assert "own:word" in counted(cutter, "馬上點擊領取")


@pytest.mark.parametrize(
    "text",
    [
        "请勿点击",
        "请勿轻易点击任何链接",
        "请勿随意扫码或点击",
        "切勿登录",
        "不要，点击",
        "收到后请勿回复，不要点击",
    ],
)
def test_a_negation_reaches_the_ask_behind_it(cutter: Cutter, text: str) -> None:
    assert "@click" not in counted(cutter, text)


@pytest.mark.parametrize(
    "text",
    [
        "点击后请勿退出",
        "请勿泄露。点击查看",
        "请勿泄露!点击查看",
        "请勿泄露；登录查看",
        "请勿泄露\n点击查看",
        "请勿错过,马上点击",
        "请勿错过，速速去登录",
        "请勿" + "远" * 25 + "点击",
    ],
)
def test_a_negation_ends_with_its_sentence_clause_or_reach(cutter: Cutter, text: str) -> None:
    assert "@click" in counted(cutter, text)


def test_do_not_give_anybody_the_code_is_the_opposite_of_give_it(cutter: Cutter) -> None:
    assert "@give_code" in counted(cutter, "请提供验证码")
    assert "@give_code" not in counted(cutter, "请勿向任何人提供验证码")


def test_what_is_to_be_avoided_ends_at_the_comma(cutter: Cutter) -> None:
    assert "@click" in counted(cutter, "为避免冻结,点击办理")
    assert "@click" in counted(cutter, "为避免,点击办理")
    assert "@click" not in counted(cutter, "避免点击")


def test_only_negatable_concepts_are_negated(cutter: Cutter) -> None:
    assert "@code" in counted(cutter, "请勿泄露验证码")


def test_a_negated_hit_is_still_told(cutter: Cutter) -> None:
    text = "请勿点击"
    assert [(hit.term, hit.negated) for hit in INDEX.scan(text, cutter.boundaries(text)) if hit.term == "@click"] == [
        ("@click", True)
    ]


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_concepts_are_read_from_every_file(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", '[one]\nabout = "x"\nwords = ["甲"]\nnegatable = true\n')
    write(tmp_path, "b.toml", '[two]\nabout = "y"\nwords = ["乙"]\n')
    found = load_concepts(tmp_path)
    assert found == {"one": Concept("x", ("甲",), negatable=True), "two": Concept("y", ("乙",))}
    assert list(words_of(found)) == ["甲", "乙"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[one]\nwords = ["甲"]\n', "about"),
        ('[one]\nabout = "x"\n', "words"),
        ('[one]\nabout = "x"\nwords = ["甲"]\nwrods = []\n', "wrods"),
        ('[one]\nabout = "x"\nwords = [1]\n', "words"),
        ('[one]\nabout = "x"\nwords = "甲"\n', "words"),
        ('[one]\nabout = "x"\nwords = ["甲"]\nnegatable = "yes"\n', "negatable"),
        ('one = "x"\n', "one"),
    ],
)
def test_an_error_names_file_concept_and_key(tmp_path: Path, text: str, named: str) -> None:
    write(tmp_path, "bad.toml", text)
    with pytest.raises(DataError) as caught:
        load_concepts(tmp_path)
    assert "bad.toml" in str(caught.value)
    assert "[one]" in str(caught.value)
    assert named in str(caught.value)


def test_a_name_in_two_files_is_an_error(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        write(tmp_path, name, '[one]\nabout = "x"\nwords = ["甲"]\n')
    with pytest.raises(DataError, match=r"b\.toml: \[one\].*another file.*keep one"):
        load_concepts(tmp_path)


def test_no_toml_is_an_error_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, "bad.toml", '[one]\nabout = "x\n')
    with pytest.raises(DataError, match=r"bad\.toml: .*line 2"):
        load_concepts(tmp_path)
