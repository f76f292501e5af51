"""The data behind /rescue: everything sourced, everything said, nothing left over, and errors that name the place."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from rescue_world import GUIDE, TEXTS, all_cases, book

from bot.errors import DataError
from bot.hotlines import load_general_lines
from bot.institutions import Directory
from bot.knowledge import load_categories
from bot.paths import DATA
from bot.rescue.book import Book
from bot.rescue.case import plan
from bot.rescue.schema import load_guide
from bot.rescue.sheet import sheet_guide

if TYPE_CHECKING:
    from pathlib import Path

FILES = ("rescue-ask.ftl", "rescue-plan.ftl", "rescue-sheet.ftl", "rescue-steps.ftl")
PARTS = (*GUIDE.urgent, *GUIDE.guard, *GUIDE.closing, *GUIDE.steps)


def source_of(name: str) -> str:
    return (DATA / "texts" / "zh-Hans" / name).read_text(encoding="utf-8")


def keys_of(name: str) -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*) =", source_of(name), re.MULTILINE))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.id)
def test_every_sentence_has_a_source_with_a_date(part: object) -> None:
    for source in part.sources:  # type: ignore[attr-defined]
        assert GUIDE.sources[source].title
        assert re.search(r"20\d\d", GUIDE.sources[source].date)


def test_every_source_is_used() -> None:
    used = {source for part in PARTS for source in part.sources}
    used |= {source for step in GUIDE.steps if step.clock for source in step.clock.sources}
    used |= {source for report in sheet_guide().report for source in report.sources}
    assert set(GUIDE.sources) == used


def test_whoever_is_called_by_number_is_sourced_by_the_directory() -> None:
    for part in PARTS:
        if any(called not in {"own-bank", "regional"} for called in part.call):
            assert "hotlines" in part.sources, part.id


def test_every_step_is_reached() -> None:
    reached = {step.id for of in all_cases() for step in plan(of, GUIDE, of.at or 0)}
    assert {step.id for step in GUIDE.steps if step.region == "mainland"} == reached


def test_every_step_has_its_words_and_no_words_are_left_over() -> None:
    wanted = set()
    for step in GUIDE.steps:
        wanted |= {f"step-{step.id}", f"step-{step.id}-name"}
        wanted |= {f"step-{step.id}-say"} if step.say else set()
        wanted |= {f"step-{step.id}-clock", f"step-{step.id}-clock-soon"} if step.clock else set()
    wanted |= {f"guard-{part.id}" for part in GUIDE.guard}
    wanted |= {"own-bank", "own-bank-local", "own-bank-unknown", "own-bank-no-number"}
    assert keys_of("rescue-steps.ftl") == wanted


def test_every_answer_has_its_words() -> None:
    wanted = {f"situation-{found}" for found in GUIDE.situations} | {f"means-{found}" for found in GUIDE.means}
    wanted |= {f"when-{found}" for found in GUIDE.whens} | {f"region-{found}" for found in GUIDE.regions}
    wanted |= {f"urgent-{part.id}" for part in GUIDE.urgent}
    asked = {key for key in keys_of("rescue-ask.ftl") if key.split("-")[0] in {"situation", "means", "when", "region"}}
    assert {key for key in wanted if not key.startswith("urgent")} == asked
    assert wanted <= keys_of("rescue-ask.ftl")
    assert {key for key in keys_of("rescue-ask.ftl") if key.startswith("bank-")} <= {
        f"bank-{bank}" for bank in book().bank_ids
    }


def test_every_blank_and_report_has_its_words() -> None:
    for blank in sheet_guide().blank:
        assert {f"sheet-ask-{blank.id}", f"sheet-label-{blank.id}"} <= keys_of("rescue-sheet.ftl")
    for report in sheet_guide().report:
        assert {f"report-{report.id}", f"report-{report.id}-text"} <= keys_of("rescue-sheet.ftl")


def test_categories_are_the_known_ones() -> None:
    assert set(GUIDE.likely) <= set(load_categories(DATA / "categories.toml"))


@pytest.mark.parametrize("name", FILES)
def test_no_number_stands_in_a_sentence(name: str) -> None:
    # Hours, minutes and the like are facts of the sentence; a number to call comes from the directory.
    allowed = {"24", "48", "60", "18", "12"}
    said = re.sub(r"^\s*#.*$|^[\w-]+ =|-12321|\{[^}]*\}", "", source_of(name), flags=re.MULTILINE)
    assert [number for number in re.findall(r"\d{2,}", said) if number not in allowed] == []


@pytest.mark.parametrize("name", FILES)
def test_legal_sentences_promise_nothing(name: str) -> None:
    said = source_of(name)
    assert not re.search(r"(一定|肯定|保证|必定|百分之百)(能|会|可以)|不用承担|没有责任|全额|都能追回", said)
    assert name != "rescue-steps.ftl" or "一般不由您承担，保留报警回执" in said


def test_step_names_are_short() -> None:
    names = {step.id: TEXTS(f"step-{step.id}-name") for step in GUIDE.steps}
    assert {step: name for step, name in names.items() if not 2 <= len(name) <= 5} == {}


# ── errors name the place and the mend ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("steps.toml", 'sources = ["loan-fee"]', "sources = []", "deposit has no source; add one"),
        ("steps.toml", 'sources = ["loan-fee"]', 'sources = ["hearsay"]', "deposit: no source 'hearsay'"),
        ("steps.toml", 'all = ["deposit"]', 'all = ["deposite"]', "deposit: no fact 'deposite'"),
        ("steps.toml", 'id = "credit"', 'id = "cut"', "cut is there twice"),
        ("steps.toml", 'id = "credit"', 'idd = "credit"', "steps.toml"),
        ("steps.toml", 'all = ["bank", "fresh"]', 'all = ["bonk"]', "no fact 'bonk'"),
        ("steps.toml", 'sources = ["atm"]', 'sources = ["atm2"]', "no source 'atm2'"),
        ("sources.toml", 'date = "2024-03-16"', 'date = ""', "loan-fee lacks its title, date or place"),
        ("triage.toml", 'gambling = ["money"', 'gambling = ["monny"', "likely.gambling: no situation 'monny'"),
        ("triage.toml", "[likely]", "[likely", "triage.toml"),
        ("openings.toml", 'region = "any"', 'region = "moon"', "openings.toml"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    folder = tmp_path / "rescue"
    shutil.copytree(DATA / "rescue", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(message)):
        load_guide(folder)


def book_of(tmp_path: Path, overlay: str) -> Book:
    file = tmp_path / "overlay.toml"
    file.write_text(overlay, encoding="utf-8")
    directory = Directory.load(DATA / "institutions", file)
    return Book(GUIDE, directory, load_general_lines(DATA / "general_lines.toml", directory))


def test_a_corrected_number_is_the_one_that_is_said(tmp_path: Path) -> None:
    made = book_of(
        tmp_path,
        '[change.icbc]\nwithdraw_numbers = ["95588"]\nadd_lines = [{ number = "95589", purpose = "客服" }]\n',
    )
    assert made.number("icbc").text == "95589"


def test_a_withdrawn_number_takes_its_step_along(tmp_path: Path) -> None:
    made = book_of(tmp_path, "[change.zhengxin]\nwithdraw_row = true\n[change.icbc]\nwithdraw_row = true\n")
    assert {step.id for step in GUIDE.steps} - {step.id for step in made.guide.steps} == {"credit"}
    assert not made.has_number("icbc")


def test_nothing_is_left_out_of_what_we_ship() -> None:
    assert book().guide == GUIDE


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('call = ["zhengxin"]', 'call = ["zhengxinn"]', "credit calls zhengxinn, which is not in"),
        ('first = ["icbc"', 'first = ["alipay"', "alipay is no bank"),
        ('lines = "TW"', 'lines = "TX"', "taiwan: no region TX"),
    ],
)
def test_a_name_of_nobody_is_found_at_start(tmp_path: Path, old: str, new: str, message: str) -> None:
    folder = tmp_path / "rescue"
    shutil.copytree(DATA / "rescue", folder)
    for file in folder.glob("*.toml"):
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    directory = Directory.load(DATA / "institutions")
    with pytest.raises(DataError, match=message):
        Book(load_guide(folder), directory, load_general_lines(DATA / "general_lines.toml", directory))
