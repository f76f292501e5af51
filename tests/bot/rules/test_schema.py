"""Every mistake in a rule file ends in one line that names the file, the key and the mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import DataError
from bot.knowledge import load_categories, load_rules
from bot.rules.match import RuleSet
from bot.rules.schema import alternatives, load_rule_file, parse_rule_file, terms_of

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
about = "what it is"
category = "toll"

[words]
plate = ["号牌"]

[[sign]]
id = "page"
all = ["@stopped|plate", "#link.unknown"]
none = ["@warned"]
points = 60
why = "让您点网址。"

[[example.scam]]
text = "一条"
sender = "10690000"
"""


def write(folder: Path, text: str, name: str = "toll.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(DataError) as caught:
        load_rule_file(write(folder, text))
    return str(caught.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    rule = load_rule_file(write(tmp_path, GOOD))
    (sign,) = rule.sign
    assert (sign.id, sign.points, sign.quote, sign.near, sign.hard) == ("page", 60, 0, None, False)
    assert terms_of(sign) == ["@stopped", "plate", "#link.unknown", "@warned"]
    assert rule.example.scam[0].sender == "10690000"
    assert rule.example.clear == ()


def test_alternatives_are_split_and_stripped() -> None:
    assert alternatives("a | b|c") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("old", "new", "named", "mend"),
    [
        ('about = "what it is"', 'abuot = "x"', "abuot", "docs/rules.md"),
        ('about = "what it is"\n', "", "about", "docs/rules.md"),
        ("points = 60", "point = 60", "point", "docs/rules.md"),
        ("points = 60", 'points = "60"', "points", "docs/rules.md"),
        ("points = 60", "points = 60.5", "points", "docs/rules.md"),
        ("points = 60\n", "", "sign 'page': does nothing", "'points'"),
        ("points = 60", 'points = 0\nhard = true\nverify = "firm"', "sign 'page': 'hard'", "'points' above 0"),
        ("points = 60", "points = -5\nhard = true", "sign 'page': 'hard'", "'points' above 0"),
        ("points = 60", "points = 60\nown_number = true", "sign 'page': 'own_number'", "'points' below 0"),
        ('all = ["@stopped|plate", "#link.unknown"]', 'all = "@stopped"', "all", "docs/rules.md"),
        ('all = ["@stopped|plate", "#link.unknown"]', "all = []", "sign 'page': 'all'", "name at least one term"),
        ('all = ["@stopped|plate", "#link.unknown"]', 'all = ["@stopped", " | "]', "sign 'page': 'all'", "name a term"),
        ('why = "让您点网址。"', "", "sign 'page': 'why'", "write the sentence"),
        ("points = 60", "points = 60\nquote = 2", "sign 'page': 'quote'", "index of 'all' or -1"),
        ("points = 60", "points = 60\nquote = -2", "sign 'page': 'quote'", "index of 'all' or -1"),
        ("points = 60", "points = 60\nhard = 1", "hard", "docs/rules.md"),
        ("points = 60", "points = 60\nnear = -3", "sign 'page': 'near'", "characters"),
        ("points = 60", "points = 60\nordered = true", "sign 'page': 'ordered'", "'near'"),
        ("@stopped|plate", "@stopped|plaet", "sign 'page': no word list [words] 'plaet'", "add it or write @plaet"),
        ('none = ["@warned"]', 'none = ["plaet"]', "sign 'page': no word list [words] 'plaet'", "add it"),
        ('plate = ["号牌"]', "plate = []", "words.plate", "remove it"),
        ('plate = ["号牌"]', 'plate = ["号牌", " "]', "words.plate", "remove it"),
        ('plate = ["号牌"]', 'plate = "号牌"', "words", "docs/rules.md"),
        ("[[example.scam]]", "[[example.scma]]", "scma", "docs/rules.md"),
        ('text = "一条"', 'txet = "一条"', "txet", "docs/rules.md"),
    ],
)
def test_an_error_names_file_key_and_mend(tmp_path: Path, old: str, new: str, named: str, mend: str) -> None:
    assert old in GOOD
    message = complaint(tmp_path, GOOD.replace(old, new, 1))
    assert message.startswith("toll.toml: ")
    assert named in message
    assert mend in message
    assert "\n" not in message


def test_a_topic_without_a_category(tmp_path: Path) -> None:
    text = GOOD.replace("points = 60", "topic = 40").replace('category = "toll"\n', "")
    assert "sign 'page': 'topic' needs a 'category'" in complaint(tmp_path, text)


def test_a_sign_twice(tmp_path: Path) -> None:
    sign = GOOD[GOOD.index("[[sign]]") : GOOD.index("[[example")]
    message = complaint(tmp_path, GOOD.replace("[[example", f"{sign}\n[[example", 1))
    assert message == "toll.toml: sign 'page' stands twice; give each sign its own id"


def test_no_toml_names_the_line(tmp_path: Path) -> None:
    assert complaint(tmp_path, 'about = "x\n').startswith("toll.toml: ")
    assert "line 1" in complaint(tmp_path, 'about = "x\n')


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.toml"):
        load_rule_file(tmp_path / "gone.toml")


# ── what only all files together can tell ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("term", ["@stoped", "#link.unknwon", "$strangers"])
def test_unknown_concepts_features_and_groups(term: str) -> None:
    rule = parse_rule_file("toll.toml", {"about": "x", "sign": [{"id": "page", "all": [term], "points": -1}]})
    with pytest.raises(DataError) as caught:
        RuleSet({"toll": rule}, ["@stopped", "#link.unknown"], {"stranger": ["#link.unknown"]})
    assert str(caught.value) == f"toll.toml: sign 'page': {term!r} does not exist; see docs/rules.md for the list"


def test_a_group_of_an_unknown_term() -> None:
    with pytest.raises(DataError, match=r"groups\.toml: page: '#lnik' does not exist"):
        RuleSet({}, ["#link"], {"page": ["#link", "#lnik"]})


def test_another_files_word_list_is_unknown_here() -> None:
    mine = parse_rule_file("mine.toml", {"about": "x", "words": {"own": ["甲"]}})
    with pytest.raises(DataError, match=r"theirs\.toml: sign 's': no word list \[words\] 'own'"):
        parse_rule_file("theirs.toml", {"about": "x", "sign": [{"id": "s", "all": ["own"], "points": -1}]})
    assert "own" in mine.words


def test_unknown_category(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('"toll"', '"tolls"'))
    with pytest.raises(DataError, match=r"toll\.toml: category 'tolls' is not in categories\.toml; add it there"):
        load_rules(tmp_path, {})


def test_unknown_category_of_a_sign(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("points = 60", 'points = 60\ncategory = "tols"'))
    categories = load_categories(write(tmp_path.parent, '[toll]\nname = "ETC"\n', "categories.toml"))
    with pytest.raises(DataError, match=r"toll\.toml: category 'tols' is not in categories\.toml"):
        load_rules(tmp_path, categories)


def test_no_category(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('category = "toll"\n', ""))
    with pytest.raises(DataError, match=r"toll\.toml: 'category' is missing; name one of categories\.toml"):
        load_rules(tmp_path, {})


def test_a_bad_category_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"categories\.toml: .*nmae"):
        load_categories(write(tmp_path, "[toll]\nnmae = 'x'\n", "categories.toml"))
