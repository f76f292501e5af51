"""The files of the directory of institutions: what a malformed one says, the overlay, the tool."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.errors import DataError
from bot.institutions import Directory
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = DATA / "institutions"
ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "build_institutions.py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "institutions"))


# --- malformed files ----------------------------------------------------------------------------------------------


def edit(file: Path, old: str, new: str) -> None:
    content = file.read_text(encoding="utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), encoding="utf-8")


def repeat_row(folder: Path) -> None:
    file = folder / "institutions.tsv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")


FAULTS: list[tuple[str, Callable[[Path], object], str]] = [
    ("id twice", repeat_row, r"institutions\.tsv: line 461, id icbc: .*twice"),
    (
        "number",
        lambda f: edit(f / "institutions.tsv", "95588:客服", "95-588:客服"),
        r"institutions\.tsv: line 2, id icbc, .*lines.*mend",
    ),
    ("no purpose", lambda f: edit(f / "institutions.tsv", "95588:", "95588"), r"id icbc, lines: write number:purpose"),
    (
        "confidence",
        lambda f: edit(f / "institutions.tsv", "\tCN\tA\t95588:", "\tCN\tC\t95588:"),
        r"id icbc, lines: confidence C shows no number",
    ),
    ("region", lambda f: edit(f / "institutions.tsv", "\tCN\tA\t95588:", "\tXX\tA\t95588:"), r"id icbc, region: "),
    ("columns", lambda f: edit(f / "institutions.tsv", "\tsenders", "\tsender"), r"line 1: the columns must be"),
    ("cells", lambda f: edit(f / "institutions.tsv", "icbc\t", "icbc\t\t"), r"line 2: has 12 columns"),
    (
        "domain shape",
        lambda f: edit(f / "institutions.tsv", "icbc.com.cn|", "https://icbc.com.cn|"),
        r"id icbc, domains",
    ),
    (
        "domain registrable",
        lambda f: edit(f / "institutions.tsv", "icbc.com.cn|", "www.icbc.com.cn|"),
        r"subdomains\.icbc: www\.icbc\.com\.cn is not a registrable domain",
    ),
    (
        "public suffix",
        lambda f: edit(f / "institutions.tsv", "icbc.com.cn|", "com.cn|"),
        r"com\.cn is not a registrable domain",
    ),
    ("missing table", lambda f: (f / "institutions.tsv").unlink(), r"institutions\.tsv: file: cannot be read"),
    ("missing toml", lambda f: (f / "kinds.toml").unlink(), r"kinds\.toml: file: cannot be read"),
    ("syntax", lambda f: edit(f / "shared.toml", "[[shared]]", "[[shared]"), r"shared\.toml: syntax: not valid TOML"),
    (
        "unknown key",
        lambda f: edit(f / "shared.toml", 'scope = "anywhere"', 'scop = "anywhere"'),
        r"shared\.toml: shared\[0\]",
    ),
    (
        "clash",
        lambda f: edit(f / "aliases" / "bank.toml", 'anywhere = ["交通银行"]', 'anywhere = ["交通银行", "招行"]'),
        r"bank\.toml: cmb\.anywhere: “招行” is also declared in bank\.toml bocom\.anywhere; declare it once in shared",
    ),
    (
        "left to nobody",
        lambda f: edit(f / "aliases" / "bank.toml", 'leave = ["掌上生活"]', 'leave = ["掌上生活", "掌上死活"]'),
        r"bank\.toml: cmb\.leave: “掌上死活” is left to a row that does not declare it",
    ),
    (
        "unreviewed alias",
        lambda f: edit(f / "aliases" / "bank.toml", 'search = ["e生活"], ', ""),
        r"aliases: icbc: the alias “e生活” was not reviewed",
    ),
    (
        "unknown row",
        lambda f: edit(f / "aliases" / "bank.toml", "icbc = {", "icbx = {"),
        r"bank\.toml: icbx: no row has this id",
    ),
    ("unknown shared row", lambda f: edit(f / "shared.toml", '"hsbc_cn", ', '"hsbx", '), r"no row has the id hsbx"),
    (
        "shared by one",
        lambda f: edit(f / "shared.toml", 'of = ["cgb", "gf"]', 'of = ["cgb"]'),
        r"shared “广发”: a shared word has several owners",
    ),
    (
        "precedence outside",
        lambda f: edit(f / "shared.toml", 'simplified = ["boc"]', 'simplified = ["ccb"]'),
        r"ccb is not among `of`",
    ),
    (
        "other clash",
        lambda f: edit(f / "others.toml", '["中华电信", ', '["中国电信", '),
        r"others\.toml: group TW carrier, 中华电信: “中国电信” is also declared",
    ),
    (
        "stop clash",
        lambda f: edit(f / "stop.toml", '"移动支付"', '"移动"'),
        r"stop\.toml: words: “移动” is also declared",
    ),
    (
        "use of nothing",
        lambda f: edit(f / "overrides.toml", "10086999 =", "10086998 ="),
        r"uses\.cmcc: 10086998 is no number of this row",
    ),
    ("bad use", lambda f: edit(f / "overrides.toml", '"inbound"', '"dial"'), r"overrides\.toml: uses"),
    (
        "unknown override",
        lambda f: edit(f / "overrides.toml", 'icbc = "icbc_card"', 'icbx = "icbc_card"'),
        r"cards: no row has the id icbx",
    ),
    (
        "candidate with number",
        lambda f: edit(f / "overrides.toml", "citic_finance_ambiguous = [", "cmb = ["),
        r"candidates\.cmb: an ambiguous row",
    ),
    ("kind twice", lambda f: edit(f / "kinds.toml", 'id = "carrier"', 'id = "bank"'), r"kind bank: stands twice"),
    (
        "wrong kind",
        lambda f: edit(f / "kinds.toml", '["icbc", ', '["sf", "icbc", '),
        r"kind bank: sf is a courier; move it",
    ),
    ("no kind", lambda f: edit(f / "kinds.toml", 'id = "carrier"', 'id = "zoo"'), r"kind zoo: cmcc is a carrier"),
]


@pytest.mark.parametrize(("change", "message"), [(c, m) for _, c, m in FAULTS], ids=[name for name, _, _ in FAULTS])
def test_fault(folder: Path, change: Callable[[Path], object], message: str) -> None:
    change(folder)
    with pytest.raises(DataError, match=message) as caught:
        Directory.load(folder)
    assert str(folder) in str(caught.value)
    assert "docs/institutions.md" in str(caught.value)


def test_one_name_in_two_scripts_is_one_word(folder: Path) -> None:
    edit(folder / "aliases" / "bank.toml", 'anywhere = ["交通银行"]', 'anywhere = ["交通银行", "交通銀行"]')
    assert Directory.load(folder).words() == Directory.load().words()


# --- the overlay --------------------------------------------------------------------------------------------------


def overlaid(tmp_path: Path, content: str) -> Directory:
    file = tmp_path / "overlay.toml"
    file.write_text(content, encoding="utf-8")
    return Directory.load(overlay=file)


def test_overlay_of_the_manual(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "institutions.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml overlay\n(.*?)```", manual, re.DOTALL)
    changed = overlaid(tmp_path, example)
    plain = Directory.load()
    assert changed.hotlines(["citic_card"]) != plain.hotlines(["citic_card"])
    assert changed.hotlines(["huanbei"]) == ()
    assert "微信" in "".join(changed.words())


def test_overlay_corrects(tmp_path: Path) -> None:
    changed = overlaid(
        tmp_path,
        """
        [change.citic_bank]
        withdraw_numbers = ["95558"]
        add_lines = [{ number = "4001234567", purpose = "新客服" }, { number = "10690000", use = "sms" }]
        withdraw_senders = ["9555801"]
        add_senders = ["95559999"]
        withdraw_domains = ["ecitic.com"]
        add_domains = ["example.com.cn"]
        name = "中信银行(新)"
        caution = ""

        [change.zhongan_ins]
        add_domains = ["zhongan.com"]

        [change.town_gas]
        add_lines = [{ number = "96777", purpose = "本地燃气" }]
        """,
    )
    row = changed.get("citic_bank")
    assert [(h.name, h.number) for h in changed.hotlines(["citic_bank"])] == [("中信银行(新)", "4001234567")]
    assert "citic_bank" not in changed.owners_of_number("95558")
    assert changed.official_sender("95559999") == ("citic_bank",)
    assert changed.official_sender("9555801") == ("citic_card",)
    assert "citic_bank" not in changed.owners_of_host("ecitic.com")
    assert changed.owners_of_host("a.example.com.cn") == ("citic_bank",)
    assert row.caution == ""
    assert changed.get("zhongan_ins").domains == ("zhongan.com",)
    assert changed.get("zhongan_ins").unproven_domains == ("zhongan.io",)
    assert [h.number for h in changed.hotlines(["town_gas"])] == ["96777"]


def test_overlay_withdraws_a_row(tmp_path: Path) -> None:
    changed = overlaid(tmp_path, "[change.mvno_snail]\nwithdraw_row = true\n")
    (mention,) = changed.mentions("【蜗牛移动】您好")
    assert mention.institutions == ("mvno_snail",)
    assert changed.hotlines(mention.institutions) == ()
    assert changed.owners_of_number("10040") == ()
    assert changed.get("mvno_snail").caution


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[change.zoo]\nwithdraw_row = true", r"overlay\.toml: change\.zoo: no row has the id zoo"),
        ('[change.cmb]\nwithdraw_numbers = ["95556"]', r"change\.cmb\.withdraw_numbers: 95556 is not listed"),
        ('[change.cmb]\nwithdraw_senders = ["95556"]', r"change\.cmb\.withdraw_senders: 95556 is not listed"),
        ('[change.cmb]\nwithdraw_domains = ["a.com"]', r"change\.cmb\.withdraw_domains: a\.com is not listed"),
        ('[change.cmb]\nadd_lines = [{ number = "95555" }]', r"change\.cmb\.add_lines: 95555 is there already"),
        ('[change.cmb]\nadd_lines = [{ number = "one" }]', r"change.*add_lines"),
        ('[change.cmb]\nadd_domains = ["www.cmb.com.cn"]', r"add_domains: www\.cmb\.com\.cn is not a registrable"),
        ("[change.cmb]\nnumbers = []", r"overlay\.toml: .*unknown field"),
        ("nonsense", r"overlay\.toml: syntax"),
    ],
)
def test_overlay_faults(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        overlaid(tmp_path, content)


def test_overlay_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.toml: file: cannot be read"):
        Directory.load(overlay=tmp_path / "nowhere.toml")


# --- the tool -----------------------------------------------------------------------------------------------------


def test_tool_drops_notes_and_doubtful_entries(tmp_path: Path) -> None:
    facts = tmp_path / "facts.tsv"
    columns = "id,name_zh,aliases,kind,hotlines,sms_senders,domains,region,evidence,confidence,note"
    rows = [
        ["a", "甲", "甲行", "bank", "95500:客服", "95500", "a.com|b.com", "CN", "e", "A", "b.com 未核实。秘密"],
        ["b", "乙", "", "bank", "95501:客服", "", "c.com", "CN", "e", "C", "域名凭记忆未核实"],
        ["c", "丙", "", "bank", "95502:x|95503:y", "", "d.com", "CN", "e", "B", "UNVERIFIED(memory): 95503 — 勿展示"],
    ]
    facts.write_text(
        "\n".join([columns.replace(",", "\t"), *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8"
    )
    out = tmp_path / "out.tsv"
    subprocess.run([sys.executable, str(TOOL), str(facts), str(out)], check=True, capture_output=True)
    assert out.read_text(encoding="utf-8").splitlines()[1:] == [
        "a\t甲\tbank\tCN\tA\t95500:客服\t95500\ta.com\tb.com\t甲行\te",
        "b\t乙\tbank\tCN\tC\t\t\t\tc.com\t\te",
        "c\t丙\tbank\tCN\tB\t95502:x\t\td.com\t\t\te",
    ]
