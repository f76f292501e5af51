"""Folding: one plain writing for every disguise, and the way back to the original characters."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.disguise import find_filler
from bot.fold import fold, fold_word
from bot.glyphs import TABLE
from bot.lexicon import load
from bot.sounds import find_sounds, rows


def kinds(text: str) -> list[str]:
    return sorted({trick.kind for trick in fold(text).tricks})


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        # width, case, marks
        ("ＡＢＣ１２３", "abc123"),
        ("你好，世界！（真的）", "你好,世界!(真的)"),
        ("Café Ünal", "cafe unal"),
        ("①②③", "123"),
        ("第Ⅲ期", "第iii期"),
        ("50㎡", "50m2"),
        ("￥１００", "¥100"),
        ("等等…", "等等..."),
        ("𝐢𝐜𝐛𝐜", "icbc"),
        ("🅥🅘🅟", "vip"),
        ("甲\u3000乙\u3000丙丁\u00a0A", "甲乙丙丁 a"),
        ("a\r\nb\u2028c", "a\n\nb\nc"),
        # zero width
        ("验\u200b证\u200d码", "验证码"),
        ("\ufeff密\u2060码", "密码"),
        ("转\u00ad账\u202e", "转账"),
        ("冻\u0336结\u0336", "冻结"),
        # Traditional
        ("請點擊連結", "请点击链接"),
        ("您的帳戶異常", "您的账户异常"),
        ("登入網路銀行", "登录网上银行"),
        ("簡訊認證碼", "短信验证码"),
        ("下載軟體", "下载软件"),
        ("身分證字號", "身份证号码"),
        ("轉帳匯款", "转账汇款"),
        ("輸入帳密", "输入账号密码"),
        ("罰鍰逾期", "罚款逾期"),
        ("會員點數到期", "会员积分到期"),
        ("飆股推薦", "牛股推荐"),
        ("飙股推荐", "牛股推荐"),
        ("警政署提醒您", "警政署提醒您"),
        ("在香港開立銀行戶口", "在香港开立银行账户"),
        ("乾隆後裔", "干隆后裔"),
        ("沙发软体家具", "沙发软体家具"),
        # Cyrillic, Greek
        ("ісbс.com", "icbc.com"),
        ("раураl", "paypal"),
        ("Αρρle", "apple"),
        # digits
        ("一三八零零零零二二二二", "13800002222"),
        ("壹叁捌零零零零贰贰贰贰", "13800002222"),
        ("幺三八〇〇〇〇二二二二", "13800002222"),
        ("请拨l38OOOO2222", "请拨13800002222"),
        ("来自l0086的短信", "来自10086的短信"),
        ("拨4OO8OO8OOO", "拨4008008000"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣2️⃣2️⃣2️⃣2️⃣", "13800002222"),
        ("①③⑧⓪⓪⓪⓪②②②②", "13800002222"),
        ("二〇二六年三月", "二〇二六年三月"),
        ("一三五七九", "一三五七九"),
        ("订单lO0l", "订单lo0l"),
        ("奖金l0000元", "奖金l0000元"),
        # filler
        ("安.全.账.户", "安全账户"),
        ("安 全 账 户", "安全账户"),
        ("公|积|金 贷*款", "公积金贷款"),
        ("无 抵 押", "无抵押"),
        ("转_账", "转账"),
        ("刷★单", "刷单"),
        ("信\\息", "信息"),
        ("简^历", "简历"),
        ("验·证·码", "验证码"),
        ("【验】【证】【码】", "验证码"),
        ("《贷》款", "贷款"),
        ("[带]款", "贷款"),
        ("請盡 快領取", "请尽快领取"),
        ("请点\n击下方", "请点击下方"),
        ("您好 张先生", "您好张先生"),
        ("您的贷款额度已批\n准请致电1380\n0002222", "您的贷款额度已批准请致电13800002222"),
        ("付款金额十二元\n收款方李小四\n交易成功", "付款金额十二元\n收款方李小四\n交易成功"),
        ("您+好+长+期+在+此", "您好长期在此"),
        ("您的.账户.因涉.嫌洗.钱被.冻结", "您的账户因涉嫌洗钱被冻结"),
        ("您的*账户*因涉*嫌洗*钱", "您的账户因涉嫌洗钱"),
        ("贷*款简*单", "贷款简单"),
        ("刷*单，今*晚见", "刷单,今晚见"),
        ("请尽快办理身份认\n证", "请尽快办理身份认证"),
        ("立即领取地\n址", "立即领取地址"),
        # not filler
        ("快捷.方便.安全.实惠", "快捷.方便.安全.实惠"),
        ("戒指/项链/手表/耳环", "戒指/项链/手表/耳环"),
        ("★优惠★便宜★快捷", "★优惠★便宜★快捷"),
        ("王*明，李*华，张*三", "王*明,李*华,张*三"),
        ("余额 500 元", "余额 500 元"),
        ("138 0000 2222", "138 0000 2222"),
        ("北京-上海", "北京-上海"),
        ("男/女/童", "男/女/童"),
        ("阿凡提·买买提", "阿凡提·买买提"),
        ("王*明", "王*明"),
        ("网络支付-人民币", "网络支付-人民币"),
        ("付款成功\n收款方李四", "付款成功\n收款方李四"),
        ("A B", "a b"),
        ("一、二、三", "一、二、三"),
        ("去…吧…好", "去...吧...好"),
        # split characters
        ("抵扌甲", "抵押"),
        ("讠正件", "证件"),
        ("钅艮行", "银行"),
        ("亻弋开发票", "代开发票"),
        ("二手车专员", "二手车专员"),
        # 微信, QQ, 支付宝 and other variants
        ("加薇信", "加微信"),
        ("加徽❤", "加微信"),
        ("薇♥abc12345", "微信abc12345"),
        ("V信:abc12345", "微信:abc12345"),
        ("vx：abc12345", "微信:abc12345"),
        ("加VX领取", "加微信领取"),
        ("加V：abc12345", "加微信:abc12345"),
        ("➕V：abc12345", "加微信:abc12345"),
        ("+v abc12345", "加微信 abc12345"),
        ("加威abc12345", "加微信abc12345"),
        ("微：abc12345", "微信:abc12345"),
        ("十V：abc12345", "加微信:abc12345"),
        ("加V", "加微信"),
        ("加 V 信 abc12345", "加微信 abc12345"),
        ("加微x:abc12345", "加微信:abc12345"),
        ("加v领取", "加微信领取"),
        ("加VIP会员", "加vip会员"),
        ("加威信abc12345", "加微信abc12345"),
        ("加我WeChat", "加我微信"),
        ("扣扣：12345678", "qq:12345678"),
        ("抠抠12345678", "qq12345678"),
        ("企鹅12345678", "qq12345678"),
        ("扣12345678", "qq12345678"),
        ("Q群12345678", "qq群12345678"),
        ("支付bao", "支付宝"),
        ("袋款", "贷款"),
        ("发嫖", "发票"),
        ("刷dan", "刷单"),
        ("兼zhi", "兼职"),
        ("验正码", "验证码"),
        ("投註彩金", "投注彩金"),
        ("髙额返利", "高额返利"),
        # by sound
        ("薇信abc12345", "微信abc12345"),
        ("贷欵", "贷款"),
        ("翎取奖品", "领取奖品"),
        ("银珩账户", "银行账户"),
        ("股票涨亭", "股票涨停"),
        ("信用咔提额", "信用卡提额"),
        ("抄盘手", "操盘手"),
        ("社葆", "社保"),
        ("怔信", "征信"),
        ("微xin", "微信"),
        ("征xin修复", "征信修复"),
        ("加维新abc12345", "加微信abc12345"),
        # of the same sound, and right
        ("在群众中有威信", "在群众中有威信"),
        ("戊戌维新", "戊戌维新"),
        ("以为信用卡", "以为信用卡"),
        ("卫星发射", "卫星发射"),
        ("几分钟", "几分钟"),
        ("体现价值", "体现价值"),
        ("克服困难", "克服困难"),
        ("代开车", "代开车"),
        ("引航员", "引航员"),
        ("你验证吗", "你验证吗"),
        ("支付宝宝的学费", "支付宝宝的学费"),
        ("加 wei星级", "加 wei星级"),
        # honest words that look like them
        ("树立威信", "树立威信"),
        ("参加威尼斯之旅", "参加威尼斯之旅"),
        ("维信科技", "维信科技"),
        ("保护企鹅", "保护企鹅"),
        ("扣款12345678元", "扣款12345678元"),
        ("卫星12号", "卫星12号"),
        ("主办正规", "主办正规"),
        ("货款已付", "货款已付"),
        ("http://wx.qq.com/a", "http://wx.qq.com/a"),
        ("vx.tenpay.com", "vx.tenpay.com"),
        ("大V推荐", "大v推荐"),
        ("VIP会员", "vip会员"),
        ("音量+V键", "音量+v键"),
        ("", ""),
    ],
)
def test_text(text: str, folded: str) -> None:
    found = fold(text)
    assert found.text == folded
    assert fold(found.text).text == folded
    assert len(found.offsets) == len(folded) + 1
    assert found.offsets[-1] == len(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("安.全.账.户", "filler"),
        ("贷 款", "filler"),
        ("【验】【证】【码】", "filler"),
        ("信\\息", "filler"),
        ("验\u200b证码", "zero_width"),
        ("ісbс.com", "lookalike"),
        ("l38OOOO2222", "lookalike"),
        ("一三八零零零零二二二二", "lookalike"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣0️⃣2️⃣2️⃣2️⃣2️⃣", "lookalike"),
        ("薇❤abc12345", "symbol_letter"),
        ("➕V：abc12345", "symbol_letter"),
        ("v信abc12345", "symbol_letter"),
        ("刷dan", "symbol_letter"),
        ("薇信", "homophone"),
        ("银珩", "homophone"),
        ("贷*款简*单", "filler"),
        ("您的*账户*因涉*嫌洗*钱", "filler"),
        ("扣扣12345678", "homophone"),
        ("抵扌甲", "split"),
    ],
)
def test_trick(text: str, kind: str) -> None:
    assert kind in kinds("您好，" + text + "，谢谢")
    for trick in fold(text).tricks:
        assert text[trick.span.start : trick.span.end] == trick.shown


@pytest.mark.parametrize(
    "text",
    [
        "【江南银行】您尾号6621的卡于11月3日支出35.00元，可用1,204.18元。",
        "【顺达速运】您的快件YT0001 已到【东门驿站】，凭 8-2-3012 取件，咨询 025-88880000。",
        "验证码：482913，5分钟内有效，请勿告知他人。",
        "您好 李女士，您预约的 10:30 门诊已确认（3号楼-2层）。",
        "支出类别：餐饮\n支出金额：￥35.00\n收款人：王*明\n可用：1,204.18元",
        "【江南移动】截至01月15日，套内流量还有2.5GB/10GB。详情 http://dx.10086.cn/a",
        "妈，我到家了～晚上吃饺子吧😄👍🏻",
        "👨‍👩‍👧 一家人周末去公园❤️",
        "[微笑][色]周末见！",
        "關注官方帳號，LINE Pay 付款滿 100 元享回饋",
        "男/女款；S-M-L码；买一送一★",
        "QQ邮箱登录提醒：如非本人操作请修改密码",
        "您正在登录微信，验证码 482913",
        "关注微信公众号“江南银行”绑定账户",
        "〖江南证券〗今日收盘：上证 3,204.5 ↑0.3%",
        "Dear customer, your OTP is 482913. Do not share it.",
        "国庆①日游 / ②日游 可选，①②③期连报更优惠",
        "α稳定版/β测试版均可下载",
    ],
)
def test_honest_sms_holds_no_trick(text: str) -> None:
    assert fold(text).tricks == ()


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("請點擊連結領取獎品", True),
        ("请点击链接领取奖品", False),
        ("賬戶余额不足，请充值", False),
        ("LINE", False),
        ("您好", False),
        ("您的信用卡已被盜刷,請聯絡客服", True),
    ],
)
def test_traditional(text: str, *, traditional: bool) -> None:
    assert fold(text).traditional is traditional


def test_span_points_at_the_original() -> None:
    text = "您的安.全.賬.戶已凍結，加薇\u200b❤ abc12345"
    found = fold(text)
    for word, shown in (("安全账户", "安.全.賬.戶"), ("冻结", "凍結"), ("微信", "薇\u200b❤"), ("abc12345", "abc12345")):
        start = found.text.index(word)
        span = found.span(start, start + len(word))
        assert text[span.start : span.end] == shown


def test_longer_and_shorter_replacements_keep_the_map() -> None:
    text = "請輸入帳密，行動電話也要"
    found = fold(text)
    for word, shown in (("账号密码", "帳密"), ("手机", "行動電話"), ("也要", "也要")):
        start = found.text.index(word)
        span = found.span(start, start + len(word))
        assert text[span.start : span.end] == shown


def test_base_shifts_offsets() -> None:
    assert fold("贷 款", 10).span(0, 2) == (10, 13)
    assert fold("ab", 10).span(1, 2) == (11, 12)
    assert fold("a&b", (5, 6, 11, 12)).span(1, 2) == (6, 11)
    assert fold("贷 款", 10).tricks[0].span == (11, 12)


def test_empty_span() -> None:
    assert fold("abc").span(3, 3) == (3, 3)


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("驗證碼", "验证码"),
        ("QQ", "qq"),
        ("軟體", "软件"),
        ("安全账户", "安全账户"),
        ("飙股", "牛股"),
        ("飆股", "牛股"),
        ("简讯", "短信"),
    ],
)
def test_fold_word(word: str, folded: str) -> None:
    assert fold_word(word) == folded


def test_character_table_is_a_fixed_point() -> None:
    for code in range(sys.maxunicode + 1):
        folded = TABLE[chr(code)]
        assert all(TABLE[char] == char for char in folded), hex(code)


def test_replacements_hold_no_variant() -> None:
    """Else folding would go on, or round in circles."""
    table = {**load("regional"), **load("variants")}
    for part in ("always", "traditional", "splits"):
        for written, canonical in table[part].items():  # type: ignore[attr-defined]
            assert fold(canonical).text == canonical, written
    for canonical in table["variants"]:  # type: ignore[attr-defined]
        assert fold(canonical).text == canonical


def test_every_variant_folds_to_its_word() -> None:
    for canonical, spellings in load("variants")["variants"].items():  # type: ignore[attr-defined]
        for written in spellings:
            assert canonical in fold(f"请{written}，").text, written


def test_every_spelling_by_sound_folds_to_its_word() -> None:
    for word, _, columns in rows():
        assert fold(word).text == word
        for at, characters in enumerate(columns):
            for char in characters:
                (edit,) = find_sounds(f"。{word[:at]}{char}{word[at + 1 :]}。")
                assert len(edit.new) == len(word)


def test_sounds_are_those_of_the_closed_list() -> None:
    """Else sounds.tsv is older than sounds.toml: run tools/build_sounds.py."""
    table = load("sounds")
    assert [word for word, _, _ in rows()] == table["words"]
    never = set(table["never"])  # type: ignore[call-overload]
    assert not never & {w[:i] + c + w[i + 1 :] for w, _, columns in rows() for i, cs in enumerate(columns) for c in cs}


def test_filler_without_gaps_is_quick() -> None:
    assert find_filler("你好,世界") == []


PIECES = st.sampled_from(
    [
        *"微薇威徽信❤♥vVwxqQ加+➕群号:：扣企鹅球 \n.*_-/|·\\^【】[]《》",
        *"贷款带抵押扌甲讠正安全账户帐網路簡訊登入認證碼点點擊連結資訊",
        *"138oOlI〇零一三八①⓪9520ісα\u200b\u200d\u0301\ufe0f\u20e3,，.。abcdABCD",
        "abc12345",
        "13800002222",
        "一三八零零零零二二二二",
        "行動電話",
        *"蔚伈银珩帐户贷欵翎取涨亭信用咔驗正碼支付宝保证金",
        "http://a.cn/b",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_idempotent_on_disguises(text: str) -> None:
    _check(text)


@given(st.text(max_size=120))
def test_idempotent_on_any_text(text: str) -> None:
    _check(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), max_size=60))
def test_idempotent_on_han(text: str) -> None:
    _check(text)


def _check(text: str) -> None:
    found = fold(text)
    assert fold(found.text).text == found.text
    assert len(found.offsets) == len(found.text) + 1
    assert len(found.ends) == len(found.text)
    assert list(found.offsets) == sorted(found.offsets)
    assert list(found.ends) == sorted(found.ends)
    assert found.offsets[-1] == len(text)
    for index, char in enumerate(found.text):
        start, end = found.span(index, index + 1)
        assert 0 <= start < end <= len(text)
        if TABLE[text[start]] == char:
            assert text[start] == char or TABLE[text[start]] == char
    for trick in found.tricks:
        assert text[trick.span.start : trick.span.end] == trick.shown
