"""Which numbers are printed: the institution's own, then the lines of the right region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from judge_samples import SAMPLES

from bot.claims import Claims
from bot.errors import DataError
from bot.hotlines import general_lines, hinted_region, load_general_lines, own_lines, region_of
from bot.judge import judge
from bot.model import Level, Sms

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge


def lines(text: str, knowledge: Knowledge) -> list[tuple[str | None, str]]:
    return [(line.institution, line.number) for line in judge(Sms(text), knowledge).hotlines]


def region(text: str, knowledge: Knowledge) -> str:
    from bot.judge import analyse

    found = analyse(Sms(text), knowledge)
    traditional = found.folded.traditional
    hinted = hinted_region(found.folded.text, knowledge.general_lines, traditional=traditional)
    return region_of(found.identity.claims, hinted, traditional=traditional)


# ── region ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("您的包裹无法配送，请更新资料", "CN"),
        ("您的包裹無法配送，請更新資料", "TW"),
        ("閣下的包裹無法派送，請繳付港幣十元", "HK"),
        ("您有一筆澳門元退款，請立即領取", "MO"),
        ("【工商银行】您好", "CN"),
        ("【中國信託】您的帳戶異常，請聯絡客服", "TW"),
        ("【中銀香港】您的賬戶異常，請聯絡客服", "HK"),
    ],
)
def test_where_an_sms_is_at_home(text: str, expected: str, knowledge: Knowledge) -> None:
    assert region(text, knowledge) == expected


# ── the institution's own ────────────────────────────────────────────────────────────────────────────────


def test_the_claimed_institutions_number_comes_first(knowledge: Knowledge) -> None:
    assert lines("【工商银行】您好，本行网点调整", knowledge) == [("icbc", "95588")]


def test_about_a_credit_card_the_card_centre_comes_first_then_the_bank(knowledge: Knowledge) -> None:
    found = lines("【招商银行】您的信用卡账单已出", knowledge)
    plain = lines("【招商银行】您的账单已出", knowledge)
    assert {number for _, number in plain} <= {number for _, number in found}
    card = lines("【中信银行】您的信用卡账单已出", knowledge)
    assert card[0][0] == "citic_card"
    assert "95558" in {number for _, number in card}


def test_no_number_is_printed_twice(knowledge: Knowledge) -> None:
    for sample in SAMPLES:
        numbers = [number for _, number in lines(sample.text, knowledge)]
        assert len(numbers) == len(set(numbers)), sample.name


def test_an_ambiguous_name_prints_labelled_candidates_one_number_each(knowledge: Knowledge) -> None:
    verdict = judge(Sms("【中信金融】您好，您的贷款申请已受理"), knowledge)
    own = [line for line in verdict.hotlines if line.institution not in {"police110", "antifraud96110"}]
    assert len(own) > 1
    assert len({line.institution for line in own}) == len(own)
    assert all(line.name for line in own)


def test_nobody_named_nobodys_number(knowledge: Knowledge) -> None:
    assert own_lines(Claims(None, ()), knowledge.directory, credit_card=True) == ()


def test_a_body_without_a_row_gets_no_namesakes_number(knowledge: Knowledge) -> None:
    assert lines("【中華電信】您的門號帳單已出", knowledge) == []
    assert lines("【宜宾市商业银行】您的账单已出", knowledge) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_only_numbers_to_call_are_printed(sample: object, knowledge: Knowledge) -> None:
    text = sample.text  # type: ignore[attr-defined]
    for line in judge(Sms(text), knowledge).hotlines:
        assert line.institution is not None
        row = knowledge.directory.get(line.institution)
        assert line.number in {number.number for number in row.callable_lines}
        assert line.number not in {"12381", "10086999"}


# ── the general lines ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("level", "numbers"),
    [
        (Level.CLEAR, []),
        (Level.VERIFY, ["96110"]),
        (Level.SUSPICIOUS, ["110", "96110"]),
        (Level.SCAM, ["110", "96110"]),
    ],
)
def test_the_police_only_where_the_text_is_flagged(level: Level, numbers: list[str], knowledge: Knowledge) -> None:
    found = general_lines(level, "CN", knowledge.directory, knowledge.general_lines)
    assert [line.number for line in found] == numbers


@pytest.mark.parametrize(
    ("where", "number"), [("TW", "165"), ("HK", "18222"), ("MO", "993"), ("SG", "1799"), ("MY", "997")]
)
def test_each_region_has_its_own_line(where: str, number: str, knowledge: Knowledge) -> None:
    found = general_lines(Level.SCAM, where, knowledge.directory, knowledge.general_lines)
    assert [line.number for line in found] == [number]


def test_an_unknown_region_gets_the_mainlands(knowledge: Knowledge) -> None:
    found = general_lines(Level.VERIFY, "XX", knowledge.directory, knowledge.general_lines)
    assert [line.number for line in found] == ["96110"]


def test_clear_prints_no_general_line(knowledge: Knowledge) -> None:
    general = {"police110", "antifraud96110", "tw165", "hk18222"}
    for sample in SAMPLES:
        verdict = judge(Sms(sample.text, sample.sender), knowledge)
        if verdict.level is Level.CLEAR and verdict.institution not in general:
            assert not general & {line.institution for line in verdict.hotlines}, sample.name


TAIWAN_AND_HONG_KONG = (
    "【國泰世華】您的網路銀行即將停用，請立即點擊 cathay-tw8.top 重新認證。",
    "【中華電信】您的門號欠費即將停話，請點擊 cht-pay8.top 繳費",
    "【中國信託】您的信用卡異常消費，請撥打 0911222333 確認",
    "【中信銀行】您的帳戶異常，請點擊 ctbc-t8.top 驗證",
    "【健保署】您的健保卡即將停用，請登入 nhi-tw8.top 更新資料",
    "您的包裹因地址不完整無法配送，請更新資料 post-tw7.top",
    "【香港郵政】閣下的郵件未能派遞，請繳付港幣12元 hkpost-r8.top",
    "【滙豐銀行】閣下的戶口已被凍結，請登入 hsbc-hk8.top 驗證身份",
    "易通行：閣下有未繳隧道費港幣45元，請登入 hketo11-pay.cc 繳付",
    "【入境處】閣下涉嫌違法，請致電 +852 6123 4567 聯絡調查員",
    "在家兼職輕鬆賺，每日薪資日結三千，加賴 abc778",
)


@pytest.mark.parametrize("text", TAIWAN_AND_HONG_KONG)
def test_abroad_no_mainland_number_is_printed(text: str, knowledge: Knowledge) -> None:
    verdict = judge(Sms(text), knowledge)
    assert verdict.level.flagged
    for line in verdict.hotlines:
        assert line.institution is not None
        row = knowledge.directory.get(line.institution)
        candidate = verdict.ambiguous and row.name == "汇丰银行（中国）"
        assert row.region in {"TW", "HK"} or candidate, line


# ── the file ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[CN]\nemergency = "police110"\n', "advice"),
        ('[CN]\nadvice = "antifraud96110"\nadvise = "x"\n', "advise"),
        ('[CN]\nadvice = "nobody"\n', "nobody"),
        ('[TW]\nadvice = "tw165"\n', "[CN] is missing"),
    ],
)
def test_an_error_names_the_file(tmp_path: Path, text: str, named: str, knowledge: Knowledge) -> None:
    path = tmp_path / "general_lines.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_general_lines(path, knowledge.directory)
    assert named in str(caught.value)


def test_a_row_without_a_number_to_call_is_an_error(tmp_path: Path, knowledge: Knowledge) -> None:
    silent = next(row.id for row in knowledge.directory if not row.callable_lines and not row.candidates)
    path = tmp_path / "general_lines.toml"
    path.write_text(f'[CN]\nadvice = "{silent}"\n', encoding="utf-8")
    with pytest.raises(DataError, match=rf"general_lines\.toml: \[CN\]: {silent} has no number to call"):
        load_general_lines(path, knowledge.directory)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("滙豐：閣下的戶口因安全理由已被暫停，請即登入 hsbc-hk-verify.top 重新啟動。", "+85222333000"),
        ("【中銀香港】你的賬戶已停用，請按 bochk-id.top 核實。", "+85239882388"),
    ],
)
def test_a_hong_kong_text_gets_hong_kong_numbers(text: str, number: str, knowledge: Knowledge) -> None:
    said = [number for _, number in lines(text, knowledge)]
    assert said[0] == number
    assert not {"95366", "95566"} & set(said)
    assert "18222" in said
