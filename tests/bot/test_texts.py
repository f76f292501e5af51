"""The sentences: complete, and short enough to read at midnight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import DataError
from bot.paths import DATA
from bot.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path

ROOT = DATA.parent
TEXTS = Texts.load()
CODE = [
    file
    for folder in ("bot", "handlers")
    for file in (ROOT / folder).rglob("*.py")
    if not file.is_relative_to(ROOT / "handlers" / "cli") and file.name != "texts.py"
]
BUILT = (
    *("verdict-", "button-", "weight-", "command-", "collection-detail-", "collection-fault-"),
    *("urgent-", "situation-", "when-", "means-", "region-", "bank-", "ask-means-", "guard-", "step-", "closing-"),
    *(
        "danger-",
        "zone-",
        "language-",
        "followup-",
        "sources-",
        "sheet-ask-",
        "sheet-label-",
        "sheet-part-",
        "sheet-person-",
        "persuade",
    ),
    *("report-12321", "report-mobile", "report-unicom", "report-telecom", "report-complaint"),
    *("summary-tip-", "trends-band-"),
)
"""Keys that code puts together; the tests of what uses them cover these."""


def keys_in_code() -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in CODE)
    return set(re.findall(r'"([a-z]+(?:-[a-z_]+)+)"', text)) | set(
        re.findall(r'"(start|help|privacy|official|limited|failed)"', text)
    )


@pytest.mark.parametrize("key", sorted(TEXTS.keys))
def test_every_key_is_used(key: str) -> None:
    assert key in keys_in_code() or key.startswith(BUILT)


@pytest.mark.parametrize("file", sorted(CODE), ids=lambda file: str(file.relative_to(ROOT)))
def test_code_asks_for_no_missing_key(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    asked = re.findall(r'(?:texts|lines?|headed|prompt)\(\s*(?:[\w.]*texts,\s*)?"([a-z][a-z_-]*)"', source)
    assert set(asked) <= TEXTS.keys


@pytest.mark.parametrize(
    "file",
    sorted(f for f in CODE if "handlers" in f.parts or "reply" in f.parts),
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_no_sentence_stands_in_code(file: Path) -> None:
    code = re.sub(r'""".*?"""', "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    for found in re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', code):
        assert len(found) <= 4 or "|" in found or "[" in found, found


def messages() -> list[tuple[str, str]]:
    found = []
    for file in sorted((DATA / "texts" / "zh-Hans").glob("*.ftl")):
        key = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("#") or not line.strip():
                continue
            text = line
            if not line.startswith(" "):
                key, _, text = line.partition(" = ")
            found.append((key, re.sub(r"\{[^}]*\}", "12345", text.strip())))
    return [(key, text) for key, text in found if text]


@pytest.mark.parametrize(("key", "line"), messages())
def test_sentences_are_short(key: str, line: str) -> None:
    assert len(line) <= 80
    for sentence in re.split(r"[。！？；：]", line):
        assert len(sentence) <= 45, sentence


@pytest.mark.parametrize(("key", "line"), messages())
def test_no_jargon(key: str, line: str) -> None:
    assert not re.search(r"规则|算法|模型|阈值|域名|钓鱼|指纹|哈希|实体|数据库|服务器|用户协议", line)


def test_isolation_marks_are_off() -> None:
    assert TEXTS("button-copy", number="95558") == "复制 95558"


def test_a_missing_key_is_an_error() -> None:
    with pytest.raises(DataError, match="no message 'no-such-key'"):
        TEXTS("no-such-key")


def test_a_missing_argument_is_an_error() -> None:
    with pytest.raises(DataError, match="button-copy"):
        TEXTS("button-copy")


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(DataError, match="xx"):
        Texts.load("xx")


@pytest.mark.parametrize(("source", "said"), [("a = 1\na = 2\n", "twice"), ("a = 1\n???\n", r"a\.ftl:2")])
def test_a_broken_file_names_the_place(source: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        Texts("xx", {"a.ftl": source})


def test_command_descriptions_fit_the_menu() -> None:
    assert all(len(TEXTS(key)) <= 256 for key in TEXTS.keys if key.startswith("command-"))
    assert len(TEXTS("bot-short-description")) <= 120
    assert len(TEXTS("bot-description")) <= 512
