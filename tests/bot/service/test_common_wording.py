from __future__ import annotations

import re
import time
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.neutralise import JOINER, neutralise
from bot.service.wording import COPIES, GAP, LONGEST, RUN, SUBSTANCE, common_runs, common_wording

TEXT = (
    "【金融服务】尊敬的{}您好，您名下的贷款服务费今天到期，请尽快登录hxxps://evil[.]top/…办理关闭手续，"
    "逾期将影响您的征信记录，请拨打138******34"
)
HAN = "的请登录办理您名下账户"
BAD = re.compile(r"https?://|\w\.\w|(?<!\d)\d[\d\s-]{3,}\d", re.IGNORECASE)


def texts(*names: str) -> list[str]:
    return [TEXT.format(name) for name in names]


def test_what_three_share_with_gaps_for_the_rest() -> None:
    found = common_wording(texts("张伟", "李小静", "欧阳敏"))
    assert found is not None
    assert found.replace(JOINER, "") == (
        "【金融服务】尊敬的…您好，您名下的贷款服务费今天到期，请尽快登录hxxps://evil[.]top/…办理关闭手续，"
        "逾期将影响您的征信记录，请拨打138******34"
    )


def test_the_same_for_any_order_of_three() -> None:
    one, *others = (
        common_wording([a, b, c])
        for a, b, c in product(texts("张伟", "李小静", "欧阳敏"), repeat=3)
        if len({a, b, c}) == 3
    )
    assert set(others) == {one}


@pytest.mark.parametrize("count", range(COPIES))
def test_fewer_copies_share_nothing(count: int) -> None:
    assert common_wording(texts("张伟", "李静", "王芳")[:count]) is None


def test_what_differs_in_one_of_three_is_no_part() -> None:
    odd = TEXT.format("王芳").replace("evil[.]top", "other[.]top").replace("138******34", "139******11")
    found = common_wording([*texts("张伟", "李静"), odd])
    assert found is not None
    assert "evil" not in found
    assert "other" not in found
    assert not re.search(r"13[89]", found)
    assert "请尽快登录…办理关闭手续" in found


def test_a_number_is_shared_whole_or_not_at_all() -> None:
    """Half a number or half a name of a site would be a number or a site that nobody wrote."""
    found = common_wording([f"尊敬的客户您好请尽快拨打专线138******3{n}办理退款登记手续谢谢" for n in range(3)])
    assert found == "尊敬的客户您好请尽快拨打专线…办理退款登记手续谢谢"
    found = common_wording([f"尊敬的客户您好请尽快登录 {a}pay[.]top 办理退款登记手续谢谢" for a in "abc"])
    assert found == "尊敬的客户您好请尽快登录…办理退款登记手续谢谢"


def test_one_surname_of_three_people_is_chance() -> None:
    found = common_wording([f"您好{name}，您名下的贷款服务费今天到期请尽快办理" for name in ("张伟", "张静", "张芳")])
    assert found == "您名下的贷款服务费今天到期请尽快办理"


@pytest.mark.parametrize("number", ["95588", "10 6 9 0 1", "２０２６０８", "4 00-8 8-9"])
def test_no_number_is_shown_whoever_it_belongs_to(number: str) -> None:
    found = common_wording([f"尊敬的客户您好请尽快拨打{number}办理退款登记手续谢谢"] * 3)
    assert found == "尊敬的客户您好请尽快拨打…办理退款登记手续谢谢"


@pytest.mark.parametrize("link", ["https://evil.top/a", "evil.top", "HTTP://EVIL.TOP", "@somebody", "/start"])
def test_what_redaction_overlooked_is_not_to_be_tapped(link: str) -> None:
    found = common_wording([f"尊敬的客户您好请尽快登录 {link} 办理退款登记手续谢谢"] * 3)
    assert found is not None
    assert found == neutralise(found)
    assert link not in found


def test_too_little_says_nothing() -> None:
    han = "请尽快还款否则后果自负呀"
    assert len(han) == SUBSTANCE
    assert common_wording([han] * 3) == han
    assert common_wording([han[:-1]] * 3) is None
    assert common_wording(["Your parcel is held, pay the fee at once please"] * 3) is None


def test_a_long_wording_is_cut() -> None:
    long = "".join(chr(0x4E00 + 13 * at) for at in range(500))
    found = common_wording([long] * 3)
    assert found == long[:LONGEST] + GAP


def test_of_many_copies_what_all_share_goes_before_what_three_share() -> None:
    """Three who know each other may have got one and the same SMS, with something of theirs in it."""
    family = ["尊敬的客户您好，致住在幸福里三单元的王家，您名下的贷款服务费今天到期"] * 3
    others = [f"尊敬的客户您好，{name}，您名下的贷款服务费今天到期" for name in ("张伟", "李静")]
    assert common_wording([*family, *others]) == "尊敬的客户您好…您名下的贷款服务费今天到期"


def test_of_unlike_copies_the_three_most_alike_are_taken() -> None:
    odd = ["这是完全不同的一条短信内容没有任何相同的地方", "另外一条也没有什么一样的话在里面说给别人"]
    found = common_wording([odd[0], *texts("张伟", "李静"), odd[1], *texts("王芳")])
    assert found is not None
    assert found.startswith("【金融服务】尊敬的…您好")


@pytest.mark.parametrize(
    "text",
    [
        "啊" * 4096,
        "请转账到安全账户" * 512,
        "".join(chr(0x4E00 + at) for at in range(4096)),
        "(" * 4096,
        "[号" * 2048,
        "1 " * 2048,
    ],
    ids=["one", "eight", "all", "open", "masks", "digits"],
)
def test_it_takes_no_longer_for_hostile_texts(text: str) -> None:
    copies = [text[number:] + text[:number] for number in range(20)]
    started = time.process_time()
    common_wording(copies)
    assert time.process_time() - started < 2


# ── always ──

# Few characters, so that runs meet, repeat and overlap.
words = st.lists(st.sampled_from(HAN), max_size=40)


@given(st.lists(words, min_size=2, max_size=4))
def test_runs_stand_in_all_texts_in_this_order_none_over_another(given_texts: list[list[str]]) -> None:
    runs = common_runs(given_texts)
    assert all(len(run) >= RUN for run in runs)
    for text in given_texts:
        whole, at = "".join(text), 0
        for run in runs:
            found = whole.find("".join(run), at)
            assert found >= 0
            at = found + len(run)


@given(words)
def test_a_text_that_never_repeats_itself_is_shared_whole(text: list[str]) -> None:
    unlike = [chr(0x4E00 + at) for at in range(len(text))]
    assert common_runs([unlike] * 3) == ([unlike] if len(unlike) >= RUN else [])


private = st.text("甲乙丙丁戊己庚辛", min_size=2, max_size=8)


@given(st.lists(st.tuples(private, private), min_size=COPIES, max_size=8))
def test_what_fewer_than_three_say_never_appears(own: list[tuple[str, str]]) -> None:
    copies = [f"尊敬的{a}您好，您名下的贷款{b}服务费今天到期，请尽快办理关闭手续" for a, b in own]
    found = common_wording(copies)
    assert found is not None
    for a, b in own:
        for said in (a, b):
            if sum(said in copy for copy in copies) < COPIES:
                assert said not in found


BASE = "".join(chr(0x5000 + at) for at in range(60))
edits = st.lists(st.tuples(st.integers(0, len(BASE)), st.integers(0, 9), st.text(HAN, max_size=6)), max_size=4)


@given(st.lists(edits, min_size=COPIES, max_size=6))
def test_three_of_the_texts_hold_every_run_of_a_wording(changes: list[list[tuple[int, int, str]]]) -> None:
    copies = []
    for of_one in changes:
        text = BASE
        for at, gone, new in of_one:  # here something is missing, there something else is said
            text = text[:at] + new + text[at + gone :]
        copies.append(text)
    found = common_wording(copies)
    if found is None:
        assert any(changes)
        return
    pattern = re.compile(".*".join(map(re.escape, found.split(GAP))))
    assert any(all(pattern.search(copy) for copy in some) for some in combinations(copies, COPIES))


@given(st.lists(st.text(max_size=60), min_size=COPIES, max_size=4), st.text(min_size=SUBSTANCE, max_size=60))
def test_any_texts_give_something_inert_or_nothing(own: list[str], shared: str) -> None:
    found = common_wording([f"{text}请尽快登录官网办理关闭手续谢谢{shared}" for text in own])
    if found is not None:
        assert found == neutralise(found)
        assert "\n" not in found
        assert not BAD.search(found.replace(JOINER, ""))
