"""What fuzzing found (``bench/fuzz/REPORT.md``), each as its own case; and the seed corpus through every target."""

from __future__ import annotations

import importlib
import re
import time
from typing import TYPE_CHECKING

import pytest
from pace import slack

from bench.fuzz.__main__ import TARGETS, seeds
from bench.fuzz.sms import FIELD, LONGEST, encode
from bot import sounds
from bot.datafile import read_toml
from bot.errors import DataError
from bot.fold import fold
from bot.model import Entities
from bot.neutralise import JOINER, neutralise
from bot.redact import redact
from bot.triage import Kind, triage

if TYPE_CHECKING:
    from pathlib import Path

    from bench.fuzz.__main__ import Target

BUDGET = 0.05
ROUNDS = 12


def target(name: str) -> Target:
    module: Target = importlib.import_module(f"bench.fuzz.{name}")
    return module


@pytest.mark.parametrize("name", TARGETS)
def test_the_seed_corpus_holds(name: str) -> None:
    files = [file for folder in seeds(name) for file in sorted(folder.iterdir())]
    assert len(files) >= 10
    for file in files:
        target(name).check(file.read_bytes())


@pytest.mark.parametrize("name", [name for name in TARGETS if name != "rules_file"])
@pytest.mark.parametrize("text", ["", FIELD, FIELD * 3, "\ud800", "\x00", "\U0010ffff" * 9])
def test_what_is_hardly_text_holds(name: str, text: str) -> None:
    target(name).check(encode(text))


@pytest.mark.parametrize("gap", ["\n", " ", "\u1680", "\u3000", "\r"])
@pytest.mark.parametrize("written", ["V{}信", "v{}x", "q{}q群", "W{}X"])
def test_a_break_within_a_contact_s_name(written: str, gap: str) -> None:
    """KeyError: the name was looked up with the line break in it."""
    text = written.format(gap)
    assert fold(f"加{text}:abc88990").text
    target("judge").check(encode(f"贷款请加{text}:abc88990"))


@pytest.mark.parametrize("text", ["报<中<中】报<中<中】\\报", "安<全>账<户>安<全】", "贷<款>贷<款>款"])
def test_a_sign_that_is_a_gap_and_a_bracket(text: str) -> None:
    """IndexError: two edits for the same character."""
    target("fold").check(encode(text))


def test_brackets_by_the_thousand_in_a_rule_file(tmp_path: Path) -> None:
    """RecursionError of the TOML reader instead of a message that names the file."""
    path = tmp_path / "new.toml"
    for text in ("x = " + "[" * 5000, "x = " + "{a=" * 5000):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"new\.toml"):
            read_toml(path)


@pytest.mark.parametrize("gap", ["    ", " - - - ", "          "])
def test_a_number_with_wide_gaps(gap: str) -> None:
    """Four blanks between digits kept a number in one piece."""
    safe = neutralise(f"56{gap}400")
    assert JOINER in safe
    assert neutralise(safe) == safe


@pytest.mark.parametrize("code", ["①④⑤⑥②③", "⒈⒉⒊⒋", "1②3④5⑥"])
def test_a_code_in_odd_digits_is_not_quoted(code: str) -> None:
    """A one-time code in circled digits was shown in the reply."""
    target("judge").check(encode(f"验证码{code}"))


@pytest.mark.parametrize("text", ["2026-02002.me", "见138-0013-8000.evil.top", "http://138.0013.8000.cn/a"])
def test_a_number_in_a_host_is_not_kept(text: str) -> None:
    """Only six digits in one piece were taken out of a host."""
    target("redact").check(encode(text))
    assert not re.search(r"\d\D{0,3}\d{3}", redact(text, Entities()).replace("[.]", "."))


@pytest.mark.parametrize("text", ["s.http://a", "a.HTTPS://b.cn", "x.http:\\\\c"])
def test_a_scheme_behind_a_dot_is_not_kept_live(text: str) -> None:
    """``s.http`` was taken for a host, and ``://a`` stayed behind it."""
    assert not re.search(r"https?:[/\\]", redact(text, Entities()), re.IGNORECASE)


@pytest.mark.parametrize("link", ["\ud9ff", "http://a\ud800.top/x", "http://\udfff"])
def test_half_a_character_in_a_hidden_link(link: str) -> None:
    """UnicodeEncodeError: it went as far as the fingerprint."""
    for name in ("redact", "judge"):
        target(name).check(encode(f"请点击{FIELD}{FIELD}{link}"))


SLOW = {
    # Minutes, and twice as long for each further character.
    "看 and 看看 are words": "帮我看" + "看" * 60,
    "the same after a greeting": "你好" + "在吗" * 40 + "吗",
    # Quadratic: 0.1 to 0.5 s.
    "letters without a dot": "a" * LONGEST,
    "digits and stars": "1*" * (LONGEST // 2),
    "letters beside a code word": ("验证码" + "a-" * LONGEST)[:LONGEST],
    "one name a hundred times": "工行" * (LONGEST // 2),
    "signatures": ("【工商银行】" * LONGEST)[:LONGEST],
}


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("part", ["unwrap", "judge", "redact"])
def test_slow_inputs_are_slow_no_more(name: str, part: str) -> None:
    run, data = target(part).run, encode(SLOW[name])
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        run(data)
        best = min(best, time.process_time() - started)
        if best < BUDGET * slack():
            return
    pytest.fail(f"{best * 1000:.0f} ms at best of {ROUNDS}")


def test_one_homophone_over_and_over_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two thousand was held against every known word around it: 20 ms."""
    asked: list[str] = []

    def across(text: str, start: int, end: int, word: str) -> bool:
        asked.append(text[start:end])
        return actual(text, start, end, word)

    actual = sounds._across
    monkeypatch.setattr(sounds, "_across", across)
    assert fold("微欣" * 2000).text
    assert 0 < len(asked) < 50


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("帮我看看", Kind.LEAD_IN),
        ("帮我看看看看", Kind.LEAD_IN),
        ("你好你好", Kind.GREETING),
        ("你好x", Kind.TOO_SHORT),
    ],
)
def test_small_talk_is_still_told(text: str, kind: Kind) -> None:
    assert triage(text) is kind
