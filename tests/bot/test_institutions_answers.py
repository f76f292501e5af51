"""What the directory answers: the numbers, domains and owners of a row, and searching for one."""

from __future__ import annotations

import re
import tomllib

import pytest

from bot.errors import DataError
from bot.institutions import Directory, Use
from bot.institutions.build import is_registrable
from bot.institutions.schema import NUMBER
from bot.paths import DATA

FOLDER = DATA / "institutions"


@pytest.fixture(scope="module")
def directory() -> Directory:
    return Directory.load()


# --- numbers -----------------------------------------------------------------------------------------------------


def numbers(directory: Directory, *institutions: str, credit_card: bool = False) -> list[str]:
    return [h.number for h in directory.hotlines(institutions, credit_card=credit_card)]


def test_hotlines_of_one(directory: Directory) -> None:
    (line,) = directory.hotlines(["citic_bank"])
    assert (line.name, line.number, line.institution) == ("中信银行", "95558", "citic_bank")
    assert numbers(directory) == []


def test_hotlines_for_a_credit_card(directory: Directory) -> None:
    assert numbers(directory, "citic_bank", credit_card=True)[0] == "4008895558"
    assert numbers(directory, "cmb", credit_card=True) == ["4008205555"]
    assert numbers(directory, "hrbb", credit_card=True)[0] == "4006695537"
    assert numbers(directory, "citic_bank", "citic_card", "citic_cf", "citic_sec", credit_card=True)[0] == "4008895558"


def test_hotlines_of_an_ambiguous_name_are_labelled(directory: Directory) -> None:
    lines = directory.hotlines(["citic_finance_ambiguous"])
    assert ("中信银行", "95558") in [(h.name, h.number) for h in lines]
    assert {h.institution for h in lines} == {"citic_bank", "citic_card", "citic_cf", "citic_aibank"}
    assert len({h.number for h in lines}) == len(lines)
    assert [h.name for h in directory.hotlines(["hsbc_hk", "hsbc_cn"])] == ["滙豐銀行（香港）", "汇丰银行（中国）"]


def test_only_numbers_to_call_are_printed(directory: Directory) -> None:
    assert numbers(directory, "cmcc") == ["10086"]
    for institution in ("miit12381", "police12110", "warn12379"):
        assert numbers(directory, institution) == []
    uses = {line.number: line.use for row in directory for line in row.lines}
    assert uses["10086999"] is Use.SMS
    assert uses["12110"] is Use.SMS
    assert uses["12381"] is Use.INBOUND
    assert "10699000" not in uses
    for row in directory:
        assert {h.number for h in directory.hotlines([row.id])}.isdisjoint({"12381", "10086999", "12110", "10699000"})


def test_c_rows_show_no_number(directory: Directory) -> None:
    unsure = [row for row in directory if row.confidence == "C"]
    assert len(unsure) == 7
    assert all(row.lines == () and row.callable_lines == () for row in unsure)


def table() -> dict[str, dict[str, str]]:
    lines = (FOLDER / "institutions.tsv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t")
    return {row["id"]: row for row in (dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:])}


def test_no_number_is_invented(directory: Directory) -> None:
    rows = table()
    for row in directory:
        listed = {line.split(":")[0] for line in rows[row.id]["lines"].split("|") if line}
        assert {line.number for line in row.lines} == listed
        assert set(row.senders) == {s for s in rows[row.id]["senders"].split("|") if s}
        assert all(re.fullmatch(NUMBER, line.number) for line in row.lines)
    known = set(re.findall(r"\d{5,}", "\n".join(f"{r['id']} {r['lines']} {r['senders']}" for r in rows.values())))
    for file in FOLDER.glob("*.toml"):
        assert set(re.findall(r"\d{5,}", file.read_text(encoding="utf-8"))) <= known, file.name
    for file in (FOLDER / "aliases").glob("*.toml"):
        for row_id, scopes in tomllib.loads(file.read_text(encoding="utf-8")).items():
            cells = rows[row_id]
            for digits in re.findall(r"\d{5,}", str(scopes)):
                assert digits in cells["lines"] + cells["id"] + cells["aliases"] + cells["name"], (row_id, digits)


def test_nothing_unverified_is_carried_over(directory: Directory) -> None:
    assert "note" not in table()["icbc"]
    for file in (*FOLDER.glob("*.toml"), *FOLDER.glob("*.tsv")):
        content = file.read_text(encoding="utf-8")
        assert "UNVERIFIED" not in content
        assert "勿展示" not in content
    shown = {domain for row in directory for domain in row.domains}
    assert shown.isdisjoint({"lakala.com", "95598.cn", "360daikuan.com", "xmbankonline.com"})


def test_domains_are_registrable(directory: Directory) -> None:
    below = {d for row in directory for d in (*row.domains, *row.unproven_domains) if not is_registrable(d)}
    assert below == {"weixin.qq.com"}


def test_cautions_are_few_and_plain(directory: Directory) -> None:
    cautions = [row.caution for row in directory if row.caution]
    assert 20 < len(cautions) < 80
    assert all(len(c) <= 60 and c.endswith("。") for c in cautions)


def test_owners(directory: Directory) -> None:
    assert directory.owners_of_host("m.icbc.com.cn") == ("icbc", "icbc_card")
    assert directory.owners_of_host("ICBC.com.cn.") == ("icbc", "icbc_card")
    assert directory.owners_of_host("icbc.com.cn.evil.top") == ()
    assert directory.owners_of_host("evil-icbc.com.cn") == ()
    assert "sgcc" in directory.owners_of_host("95598.cn")
    assert directory.owners_of_number("95558") == ("citic_bank", "citic_card")
    assert directory.owners_of_number("400-889-5558") == ("citic_card",)
    assert directory.owners_of_number("+852 2233 3000") == ("hsbc_hk",)
    assert directory.owners_of_number("85222333000") == ("hsbc_hk",)
    assert directory.owners_of_number("9555") == ()
    assert directory.official_sender("106980095558") == ("citic_bank", "citic_card")
    assert directory.official_sender("+8695588") == ("icbc", "icbc_card")
    assert directory.official_sender("10699000") == ("miit12381",)
    assert directory.official_sender("4008895558") == ()
    assert directory.official_sender("13800138000") == ()


# --- looking up ---------------------------------------------------------------------------------------------------


def found(directory: Directory, query: str) -> list[str]:
    return [row.id for row in directory.search(query).institutions]


def test_search_names(directory: Directory) -> None:
    citic = directory.search("中信", limit=30)
    assert citic.institutions[0].id == "citic_finance_ambiguous"
    assert citic.institutions[1].id == "citic_bank"
    assert {"citic_card", "citic_sec", "citic_cf"} <= {row.id for row in citic.institutions}
    assert found(directory, "中信金融")[0] == "citic_finance_ambiguous"
    assert found(directory, "招行")[0] == "cmb"
    assert found(directory, "icbc")[0] == found(directory, " ICBC ")[0] == "icbc"
    assert found(directory, "mi") == ["xiaomi"]
    assert found(directory, "滙豐")[0] == "hsbc_hk"
    assert found(directory, "汇丰")[0] == "hsbc_cn"
    assert found(directory, "招商银行信用卡的电话是多少") == ["cmb_card"]
    assert set(found(directory, "ETC")) == {"transport12328", "etc_beijing", "etc_sdxl", "etc_shbo"}
    assert len(found(directory, "虚拟运营商")) == 10
    assert directory.search("虚拟运营商").more == 11
    assert set(found(directory, "加油卡")) == {"sinopec", "petrochina"}


@pytest.mark.parametrize("query", ["中华电信", "中華電信", "中華電信客服", "台灣大哥大", "國泰世華", "平安证券"])
def test_search_of_a_known_other_shows_no_namesake(directory: Directory, query: str) -> None:
    result = directory.search(query)
    assert result.institutions == ()
    assert result.others


def test_search_numbers(directory: Directory) -> None:
    result = directory.search("95558")
    assert result.by_number
    assert [row.id for row in result.institutions] == ["citic_bank", "citic_card"]
    assert found(directory, "400-889-5558") == ["citic_card"]
    assert found(directory, "12306")[0] == "12306"
    assert found(directory, "13800138000") == []
    assert found(directory, "") == []
    assert found(directory, "没有这一家") == []


def test_kinds(directory: Directory) -> None:
    assert {row.kind for row in directory} == {kind.id for kind in directory.kinds}
    for kind in directory.kinds:
        rows = directory.by_kind(kind.id)
        assert rows
        assert all(row.callable_lines for row in rows)
        assert len(rows) == len(kind.main), kind.id
    with pytest.raises(DataError, match="no such kind"):
        directory.by_kind("zoo")
    with pytest.raises(DataError, match="no such row"):
        directory.get("zoo")
