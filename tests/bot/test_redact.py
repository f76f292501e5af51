import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities import extract
from bot.fold import fold
from bot.model import Entities, Span
from bot.redact import mask_number, redact

OFFICIAL = {"95558", "95588", "110", "96110", "12378", "4008895558"}


def clean(text: str) -> str:
    return redact(text, extract(fold(text)), official=OFFICIAL.__contains__)


def bare(text: str) -> str:
    """Without the help of entities, as if they had missed everything."""
    return redact(text, Entities(), official=OFFICIAL.__contains__)


CASES = [
    # names
    ("尊敬的张三先生，您的贷款逾期", "尊敬的某某先生，您的贷款逾期"),
    ("尊敬的欧阳娜娜女士：您好", "尊敬的某某女士：您好"),
    ("亲爱的李四，恭喜中奖", "亲爱的某某，恭喜中奖"),
    ("【中信银行】王女士，您有欠款", "【中信银行】某某女士，您有欠款"),
    ("请联系周小明经理办理", "请联系某某经理办理"),
    ("我是陈警官，案件在办", "我是某某警官，案件在办"),
    ("您好，张伟，贷款已批", "您好，某某，贷款已批"),
    ("张伟您好，贷款已批", "某某您好，贷款已批"),
    ("【顺丰】王小二，您的包裹丢失", "【顺丰】某某，您的包裹丢失"),
    ("我是中信银行信贷部陈晓，方便吗", "我是中信银行信贷部某某，方便吗"),
    ("收件人：赵敏", "收件人：某某"),
    ("户名 钱多多", "户名 某某"),
    ("被告人李某某拒不到庭", "被告人某某拒不到庭"),
    ("持卡人孙悟空的信用卡", "持卡人某某的信用卡"),
    ("張小明先生你好", "某某先生你好"),
    ("*三先生您的快递", "某某先生您的快递"),
    ("Dear Zhang San, urgent", "Dear 某某, urgent"),
    # not names
    ("尊敬的客户，您好", "尊敬的客户，您好"),
    ("尊敬的ETC车主，请认证", "尊敬的ETC车主，请认证"),
    ("亲爱的家长您好", "亲爱的家长您好"),
    ("Dear customer, hello", "Dear customer, hello"),
    # numbers
    ("请致电13800138000", "请致电138******00"),
    ("请致电 138-0013-8000", "请致电 138******00"),
    ("电话１３８００１３８０００", "电话138******00"),
    ("电话①③⑧⓪⓪①③⑧⓪⓪⓪联系", "电话138******00联系"),
    ("一三八零零一三八零零零", "138******00"),
    ("拨打0755-12345678", "拨打075*******78"),
    ("拨打4001234567", "拨打400*****67"),
    ("请拨打95558核实", "请拨打95558核实"),
    ("请拨打400-889-5558核实", "请拨打400-889-5558核实"),
    ("报警110或96110", "报警110或96110"),
    ("拨打955581核实", None),
    ("尾号8888的卡", "尾号[数字]的卡"),
    ("欠款12,345.67元", "欠款[数字]元"),
    ("欠款50元3期", "欠款50元3期"),
    # cards, ids, codes
    ("卡号6222 0200 1234 5678 901", "卡号[卡号]"),
    ("卡号6228480402564890018。", "卡号[卡号]。"),
    ("身份证44030119900101123X", "身份证[证件号]"),
    ("身份证 44030119900101123x 已冻结", "身份证 [证件号] 已冻结"),
    ("身份证440301 19900101 1239", "身份证[证件号]"),
    ("验证码A7K9，勿泄露", "验证码[验证码]，勿泄露"),
    ("验证码是 123 456", "验证码是 [验证码]"),
    ("【某站】445566是您的动态码", None),
    ("取件码3-2-1008", "取件码[验证码]"),
    # orders, plates, addresses
    ("运单SF1234567890123已到", "运单[编号]已到"),
    ("订单AB-12-CD-34", "订单[编号]"),
    ("粤B·12345违章", "[车牌]违章"),
    ("京A12345 沪AD12345", "[车牌] [车牌]"),
    ("送到广东省深圳市南山区科技园路12号3栋405室。", "送到[地址]。"),
    ("放在阳光花园3栋2单元", "放在[地址]"),
    ("地址：河北省某县某镇三里屯，请签收", "地址：[地址]，请签收"),
    ("请到北京市公安局处理", "请到北京市公安局处理"),
    # accounts, mail, links
    ("加微信zhangsan_ab", "加微信[账号]"),
    ("微信号：zhangsan", "微信号：[账号]"),
    ("QQ 123456789", None),
    ("联系@zhang_san", "联系[账号]"),
    ("邮箱zhang.san@qq.com", "邮箱[邮箱]"),
    (
        "点http://a.evil-site.cn/u/13800138000?n=张三 查看",
        None,
    ),
    ("登录www.icbc95588.com/x", "登录www[.]icbc95588[.]com/…"),
    ("见t.cn/A6bCdE", "见t[.]cn/…"),
    ("访问 https://evil.top", "访问 hxxps://evil[.]top"),
    ("访问 http://13800138000.evil.top/a", "访问 hxxp://[数字][.]evil[.]top/…"),
    ("访问 http://1.2.3.4/a", "访问 [IP]"),
]


@pytest.mark.parametrize(("text", "shown"), CASES)
def test_what_names_a_person_is_gone(text: str, shown: str | None) -> None:
    result = clean(text)
    if shown is not None:
        assert result == shown
    assert not _leaks(result)


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_shape_alone_is_enough(text: str) -> None:
    assert not _leaks(bare(text))


def _leaks(result: str) -> list[str]:
    secrets = (
        "张三 李四 张伟 赵敏 娜娜 小明 悟空 13800138000 445566 123456789 12345 A7K9 1008 科技园 阳光 三里屯 "
        "zhang 6222 440301 A6bCdE 955581 SF1 http: https: .cn .com .top"
    )
    return [word for word in secrets.split() if word in result]


def test_only_the_body_is_kept() -> None:
    text = "10086\n【移动】您好\nSIM1_13800138000\n"
    start = text.index("【")
    assert redact(text, Entities(), body=Span(start, start + 6)) == "【移动】您好"


def test_masks_that_overlap_hide_all_of_both() -> None:
    result = clean("收件人：张三先生，地址：张三先生家，北京市朝阳区建国路88号张三收")
    assert "张三" not in result
    assert "建国路" not in result


def test_a_long_text_is_cut() -> None:
    assert len(redact("诈骗" * 5000, Entities())) <= 2000


@pytest.mark.parametrize(
    "piece",
    ["区", "广东省", "张家村", "路", "区路", "中1号", "1 ", "a.", "a-", "@a", "王", "姓名:", "微信号ID:", "http://"],
)
def test_no_text_takes_long(piece: str) -> None:
    began = time.perf_counter()
    redact((piece * 4096)[:4096], Entities())
    assert time.perf_counter() - began < 1


_ALPHABET = st.sampled_from(
    [*"0123456789０１①②一二三〇OolXx -.·,*_@:/+张王先生路号区省粤Bab您好，。【】\u200b\ufe0f\u20e3\n"]
)
_TEXTS = st.text(_ALPHABET, max_size=80) | st.text(max_size=60) | st.from_regex(r"[\d ./-]{0,40}", fullmatch=True)


@settings(max_examples=600, deadline=None)
@given(_TEXTS)
def test_no_run_of_six_digits_survives(text: str) -> None:
    for result in (redact(text, Entities()), redact(text, extract(fold(text)))):
        assert not re.search(r"\d{6}", result)
        assert not re.search(r"\d(?:[\s\u200b.-]?\d){8}", result)


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"\A[1-9][0-9]{3,18}\Z"), st.text(st.sampled_from("请拨打，。 您的还款"), max_size=5))
def test_a_number_of_four_or_more_digits_is_masked(number: str, around: str) -> None:
    result = redact(f"{around}{number}{around}", extract(fold(f"{around}{number}{around}")))
    assert number not in result


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800001234", "138****1234"),
        ("4001234567", "400****567"),
        ("075512345678", "075*****5678"),
        ("+85251234567", "+852****4567"),
        ("12345678", "123****8"),
        ("1234567", "123****"),
        ("95558", "95***"),
        ("", ""),
    ],
)
def test_numbers_for_a_group(number: str, shown: str) -> None:
    assert mask_number(number) == shown
