"""The order of steps, over every combination of what happened, how and when. The expectations stand here in words
of their own, not in those of data/rescue/steps.toml."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rescue_world import ABROAD, GUIDE, MEANS, NOW, TEXTS, all_cases, book, case, subsets

from bot.institutions import Directory
from bot.paths import DATA
from bot.reply.model import MAX_UNITS, HotlineNumber, units
from bot.reply.plain import render
from bot.rescue.cards import persuade_card, sources_card
from bot.rescue.case import HOUR, Case, Page, deadline, plan
from bot.rescue.pages import numbers_in
from bot.rescue.plan_page import plan_page
from bot.rescue.reply import compose_page

if TYPE_CHECKING:
    from bot.reply.model import Reply

MOVED = {"money", "deposit"}
EXPOSED = {"code", "app"}
CALLS_BANK = {"bank-money", "bank-exposed", "bank-lent"}
CALLS_WALLET = {"wechat-money", "wechat-exposed", "alipay-money", "alipay-exposed"}
CALLS_POLICE = {"police-paid", "police-money", "police-authority", "police-blackmail", "police-app"}
MONEY_CALL = {"police-money", "police-paid"}
KEEPS_EVIDENCE = {"evidence", "evidence-offline", "evidence-link"}
REMOVES = {"app-remove", "blackmail-remove", "link-after"}


def ids(of: Case) -> list[str]:
    return [step.id for step in plan(of, GUIDE, NOW)]


def expected_first(of: Case) -> set[str]:
    """The steps that may come first, from what happened alone: the first line that applies."""
    happened, means = set(of.situations), set(of.means)
    wallets = {f"{wallet}-exposed" for wallet in ("wechat", "alipay") if wallet in means}
    bank = not means or "bank" in means or bool(means - set(GUIDE.means))
    whom = {"bank-exposed"} if bank else wallets or {"crypto", "giftcard"} & means
    order: tuple[tuple[bool, set[str]], ...] = (
        ("app" in happened, {"cut"}),
        (bool(happened & MOVED), MONEY_CALL),
        ("code" in happened and bool(whom), whom),
        ("lent" in happened and (bank or bool(wallets)), {"bank-lent"} if bank else wallets),
        ("lent" in happened and "sim" in means, {"sim"}),
        ("account" in happened and not wallets, {"account"}),
        ("authority" in happened, {"police-authority"}),
        ("blackmail" in happened, {"police-blackmail"}),
        ("link" in happened and not happened & EXPOSED, {"link"}),
        ("debt" in happened, {"debt-check"}),
    )
    return next((steps for applies, steps in order if applies), KEEPS_EVIDENCE)


def test_every_combination() -> None:
    wrong: list[tuple[str, Case, list[str]]] = []
    count = 0
    for each in all_cases():
        count += 1
        steps, happened = ids(each), set(each.situations)
        calls = [step for step in steps if step in CALLS_POLICE | CALLS_BANK | CALLS_WALLET | {"crypto", "giftcard"}]
        evidence = next((at for at, step in enumerate(steps) if step in KEEPS_EVIDENCE), None)
        removes = [at for at, step in enumerate(steps) if step in REMOVES]
        checks = {
            "first": steps[0] in expected_first(each),
            "twice": len(steps) == len(set(steps)),
            "police twice": len(CALLS_POLICE & set(steps)) <= 1,
            "bank twice": len(CALLS_BANK & set(steps)) <= 1,
            "wallet twice": all(sum(step.startswith(name) for step in steps) <= 1 for name in ("wechat-", "alipay-")),
            "evidence once": len(KEEPS_EVIDENCE & set(steps)) == 1,
            "110 first": not happened & MOVED or calls[0] in MONEY_CALL,
            "only the cut before 110": not happened & MOVED or steps[: steps.index(calls[0])] in ([], ["cut"]),
            "110 for money just where it moved": bool(MONEY_CALL & set(steps)) is bool(happened & MOVED),
            "the bank where the phone is in other hands": not happened & EXPOSED & {"app"} or CALLS_BANK & set(steps),
            "evidence before removal": evidence is not None and all(evidence < at for at in removes),
            "one removal of the app": len({"app-remove", "blackmail-remove"} & set(steps)) <= 1,
            "nothing of abroad": not any(step.startswith("abroad") for step in steps),
        }
        wrong += [(name, each, steps) for name, right in checks.items() if not right]
    assert wrong[:5] == []
    assert count == (2 ** len(GUIDE.situations) - 1) * len(MEANS) * 2


@pytest.mark.parametrize("means", MEANS, ids=lambda means: "+".join(means) or "unknown")
def test_a_code_without_money_means_the_bank_first(means: tuple[str, ...]) -> None:
    calls = [step for step in ids(case("code", means=means)) if step in CALLS_POLICE | CALLS_BANK | CALLS_WALLET]
    assert not calls or calls[0] in CALLS_BANK | CALLS_WALLET


def everything(of: Case) -> list[Reply]:
    """Every page and card of a case."""
    pages = [compose_page(replace(of, page=page), book(), TEXTS, NOW) for page in Page]
    return [*pages, sources_card(of, book(), TEXTS, NOW), persuade_card(of, TEXTS)]


CASES = st.builds(
    lambda situations, means, when, region, helper, done, reminders: case(
        *[name for name in GUIDE.situations if name in situations],
        means=means,
        when=when,
        region=region,
        helper=helper,
        done=done,
        reminders=reminders,
    ),
    st.sets(st.sampled_from(list(GUIDE.situations)), min_size=1),
    st.sampled_from(MEANS),
    st.sampled_from(list(GUIDE.whens)),
    st.sampled_from([None, *GUIDE.regions]),
    st.booleans(),
    st.lists(st.sampled_from([step.id for step in GUIDE.steps]), unique=True).map(tuple),
    st.booleans(),
)


@settings(deadline=None)
@given(CASES)
def test_every_page_can_be_said(of: Case) -> None:
    for reply in everything(of):
        text = render(reply)
        assert units(reply.lines) <= MAX_UNITS
        assert "{" not in text
        assert not re.search(r"[。！？：，]{2}|、、", text), text


@settings(deadline=None)
@given(CASES)
def test_every_plan_warns_of_the_second_scam(of: Case) -> None:
    assert "谁就是下一个骗子" in render(plan_page(of, book(), TEXTS, NOW))


@settings(deadline=None)
@given(CASES)
def test_a_plan_that_takes_the_phone_offline_begins_with_a_picture(of: Case) -> None:
    offline = "app" in of.situations and of.region in {None, "mainland"}
    first = render(plan_page(of, book(), TEXTS, NOW)).splitlines()[0]
    assert ("先用另一部手机拍下这一页" in first) is offline


def test_the_longest_plans_fit_into_one_message() -> None:
    longest = 0
    for situations in subsets():
        of = case(*situations, means=MEANS[-1], region=None, helper=True, reminders=True)
        longest = max(longest, units(plan_page(of, book(), TEXTS, NOW).lines))
    assert 1000 < longest <= MAX_UNITS


@settings(deadline=None)
@given(CASES)
def test_a_plan_names_the_bank_and_the_call_in_the_right_order(of: Case) -> None:
    if of.abroad:
        return
    numbers = numbers_in(plan_page(replace(of, done=()), book(), TEXTS, NOW).lines)
    happened = set(of.situations)
    if happened & MOVED:
        assert numbers[0] == "110"
    if "icbc" in of.means and happened & (MOVED | EXPOSED):
        assert "95588" in numbers


# ── outside the mainland ────────────────────────────────────────────────────────────────────────────────

MAINLAND_ONLY = re.compile(
    r"派出所|公安|人民银行|工信部|云闪付|一证通|征信|银发|反电信|反诈专线|微信|支付宝|止付|挂失|自动柜员机|北京时间"
    r"|中国移动|北京|工商银行|12321|12378|96110|95017|95188|10086|955\d\d|(?<!\d)1[12]0(?!\d)"
)


@pytest.mark.parametrize("region", ABROAD)
@pytest.mark.parametrize("helper", [False, True])
def test_abroad_nothing_of_the_mainland_is_said(region: str, helper: bool) -> None:
    bank = ("hsbc_hk",) if region == "hongkong" else ()
    for situations in subsets():
        of = case(*situations, means=bank, region=region, helper=helper)
        reply = plan_page(of, book(), TEXTS, NOW)
        # Where to go from here is a button; 中国大陆 stands only in the choice of a region.
        assert not MAINLAND_ONLY.search(render(reply)), render(reply)
        assert [step.region for step in plan(of, GUIDE, NOW)] == ["abroad"] * 3
    lines = {"taiwan": "165", "hongkong": "18222", "macau": "993", "singapore": "1799", "malaysia": "997"}
    own = [book().number("hsbc_hk").text] if bank else []
    assert list(numbers_in(reply.lines)) == [*([lines[region]] if region in lines else []), *own]


@pytest.mark.parametrize("region", ABROAD)
def test_abroad_no_page_or_card_says_anything_of_the_mainland(region: str) -> None:
    sources = re.compile(r"工人日报|公安|绍兴网|转载|官方电话")
    for reply in everything(case("money", "app", region=region)):
        text = sources.sub("", render(reply))
        here = {book().name(bank) for bank in book().bank_buttons(case("money", region=region))[0]}
        labels = " ".join(choice.label for row in reply.choices for choice in row if choice.label not in here)
        assert not MAINLAND_ONLY.search(text), text
        assert not re.search(r"(工商|农业|建设|招商|兴业|浦发)银行|微信|支付宝|报案材料", labels), labels


def test_elsewhere_is_the_local_emergency_number() -> None:
    text = render(plan_page(case("money", region="elsewhere"), book(), TEXTS, NOW))
    assert "当地的报警电话" in text
    assert not re.search(r"\d{3}", text)


@pytest.mark.parametrize("page", [Page.SITUATIONS, Page.MEANS, Page.PLAN])
def test_an_unknown_region_sees_both_lines(page: Page) -> None:
    numbers = numbers_in(compose_page(case("money", region=None, page=page), book(), TEXTS, NOW).lines)
    assert {"110", "165", "18222", "1799", "997"} <= set(numbers)
    assert numbers[0] == "110"


# ── clocks ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_clock_counts_from_the_earliest_moment_that_was_meant() -> None:
    text = render(plan_page(case("money", means=("icbc",), when="hour"), book(), TEXTS, NOW))
    assert "11月25日 22:00（北京时间）前打银行要求撤销" in text  # answered at 23:00: it may have been at 22:00
    assert "自动柜员机" in text
    assert "手机、柜台转的，没有这一条" in text
    text = render(plan_page(case("money", means=("icbc",), when="six"), book(), TEXTS, NOW))
    assert "11月25日 17:00（北京时间）前打" in text


@pytest.mark.parametrize(
    ("when", "later", "shown"),
    [
        ("hour", 0, "要求撤销。手机"),
        ("hour", 22.9, "要求撤销。手机"),
        ("hour", 23.1, "快到时间了"),
        ("hour", 24, None),
        ("day", 0, "快到时间了"),
        ("day", 17.9, "快到时间了"),
        ("day", 18, None),
        ("older", 0, None),
    ],
)
def test_the_clock_runs_out(when: str, later: float, shown: str | None) -> None:
    text = render(plan_page(case("money", means=("icbc",), when=when), book(), TEXTS, NOW + int(later * HOUR)))
    assert ("自动柜员机" in text) is (shown is not None)
    assert shown is None or shown in text


@pytest.mark.parametrize("means", [("wechat",), ("alipay",), ("cash",), ("crypto",), ()])
def test_no_clock_without_a_bank(means: tuple[str, ...]) -> None:
    assert "自动柜员机" not in render(plan_page(case("money", means=means), book(), TEXTS, NOW))


def test_no_deadline_where_none_can_be_said() -> None:
    assert deadline(case("money", when="older"), GUIDE, 24) is None
    assert deadline(case("money", when=None, at=None), GUIDE, 24) is None


# ── what is ticked off ──────────────────────────────────────────────────────────────────────────────────


def test_done_steps_are_folded_and_the_next_one_stands_out() -> None:
    text = render(plan_page(case("money", means=("icbc",), done=("police-money",)), book(), TEXTS, NOW))
    assert "✅ 1. 报警" in text
    assert "👉 2. " in text
    assert text.count("👉") == 1
    assert "照着念：“我被诈骗了" not in text


def test_all_done() -> None:
    of = case("money", means=("icbc",))
    text = render(plan_page(case("money", means=("icbc",), done=tuple(ids(of))), book(), TEXTS, NOW))
    assert "都办完了" in text
    assert "👉" not in text
    assert "下一个骗子" in text


# ── the bank by name ────────────────────────────────────────────────────────────────────────────────────


def test_several_banks_are_all_named() -> None:
    text = render(plan_page(case("money", means=("icbc", "hsbank")), book(), TEXTS, NOW))
    assert "中国工商银行 95588、徽商银行 4008896588" in text


def test_a_bank_without_a_number_sends_to_the_back_of_the_card() -> None:
    without = next(bank for bank in sorted(book().bank_ids) if not book().has_number(bank))
    text = render(plan_page(case("code", means=(without,)), book(), TEXTS, NOW))
    assert f"{book().name(without)}（卡背面的电话）" in text


def test_the_line_for_credit_cards_is_not_the_one_for_accounts() -> None:
    numbers = numbers_in(plan_page(case("code", means=("cgb",)), book(), TEXTS, NOW).lines)
    assert "4008308003" in numbers
    assert "95508" not in numbers


@cache
def callable_numbers() -> frozenset[str]:
    directory = Directory.load(DATA / "institutions")
    return frozenset(line.number for row in directory for line in row.callable_lines)


@settings(deadline=None)
@given(CASES)
def test_every_number_is_in_the_directory(of: Case) -> None:
    known = callable_numbers()
    for reply in everything(of):
        shown = {run.text for line in reply.lines for run in line if isinstance(run, HotlineNumber)}
        assert shown <= known
        assert set(reply.copy) <= shown
        rest = "".join(run.text for line in reply.lines for run in line if not isinstance(run, HotlineNumber))
        assert not re.search(r"(?<![\d〔])\d{5,}", rest), rest


def test_a_local_number_says_where_it_is_local() -> None:
    text = render(plan_page(case("money", means=("hunanbank",)), book(), TEXTS, NOW))
    assert re.search(r"湖南银行 96599（.*本地", text)


def test_abroad_no_short_number_of_the_mainland() -> None:
    text = render(plan_page(case("money", means=("icbc",), region="hongkong"), book(), TEXTS, NOW))
    assert "中国工商银行（卡背面的电话）" in text
    assert "95588" not in text


def test_every_short_name_on_a_button_is_known_when_typed() -> None:
    for key in (key for key in TEXTS.keys if key.startswith("bank-")):
        assert book().bank_named(TEXTS(key), case("money")) == key.removeprefix("bank-")
    for name, bank in {
        "建行": "ccb",
        "工行": "icbc",
        "农行": "abc",
        "招行": "cmb",
        "邮政": None,
        "汇丰": "hsbc_cn",
    }.items():
        assert book().bank_named(name, case("money")) == bank or bank is None
    assert book().bank_named("汇丰", case("money", region="hongkong")) == "hsbc_hk"


def test_only_the_present_steps_number_is_copied() -> None:
    assert plan_page(case("identity"), book(), TEXTS, NOW).copy == ("110",)
    assert plan_page(case("app", "money", means=("icbc",)), book(), TEXTS, NOW).copy == ("110",)
    assert plan_page(case("debt"), book(), TEXTS, NOW).copy == ()
