"""SMS of our own writing with what must be concluded of them; judged end to end in ``test_judge.py``."""

from __future__ import annotations

from typing import NamedTuple

SCAM = frozenset({"scam"})
FLAGGED = frozenset({"suspicious", "scam"})
VERIFY = frozenset({"verify"})
CLEAR = frozenset({"clear"})
UNFLAGGED = frozenset({"clear", "verify"})


class Sample(NamedTuple):
    """An SMS and its verdict. ``hotline`` is the first number printed; "" where none may be."""

    name: str
    text: str
    levels: frozenset[str]
    institution: str | None = None
    hotline: str | None = None
    sender: str | None = None
    category: str | None = None


SAMPLES = (
    # ── scams in a bank's name ───────────────────────────────────────────────────────────────────────────
    Sample(
        "bank-page",
        "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。",
        SCAM,
        "icbc",
        "95588",
        category="bank_phishing",
    ),
    Sample(
        "bank-mobile",
        "【招商银行】您的信用卡存在异常消费已被冻结，请立即联系客服专员 13900002222 解除。",
        FLAGGED,
        "cmb",
        "95555",
    ),
    Sample(
        "bank-sender-foreign",
        "【建设银行】您的账户存在风险，请点击 ccb.safe-u.xyz 验证身份，否则将停用。",
        SCAM,
        "ccb",
        "95533",
        sender="+85512345678",
    ),
    Sample(
        "bank-masked-link",
        "农业银行提醒：您的掌上银行已过期，请登录 w***.cn 重新认证，以免停用",
        FLAGGED,
        "abc",
        "95599",
    ),
    Sample(
        "bank-token",
        "尊敬的中行用户，您的e令即将过期，请尽快登陆 www.bocnk.cc 升级，给您带来不便敬请谅解【中国银行】",
        SCAM,
        "boc",
        "95566",
        category="bank_phishing",
    ),
    Sample(
        "citic-card",
        "【中信银行】您的信用卡逾期未还将被起诉，请速与王经理联系 15012340000 协商，微信同号。",
        FLAGGED,
        "citic_bank",
    ),
    Sample(
        "citic-finance",
        "【中信金融】您的贷款今日必须结清，请加微信 zxjr8866 办理减免，否则移交法院。",
        FLAGGED,
        "citic_finance_ambiguous",
        "95558",
    ),
    # ── scams in other names ─────────────────────────────────────────────────────────────────────────────
    Sample(
        "toll-page",
        "【ETC】您的ETC已停用，请于今日内点击 etc-sx9.top 重新认证，以免影响通行。",
        SCAM,
        category="toll",
    ),
    Sample(
        "insurance-page",
        "您的电子医保卡已失效，请登录 yb-gov7.cn 更新信息，逾期将停用医保账户。",
        FLAGGED,
        category="social_insurance",
    ),
    Sample(
        "points",
        "【中国移动】尊敬的用户，您有28600积分今日清零，可兑换286元现金，请点击 10086-jf.top 领取。",
        SCAM,
        "cmcc",
        "10086",
        category="points",
    ),
    Sample(
        "prize",
        "恭喜您被本栏目组抽中为场外幸运观众，获得奖金98000元及笔记本电脑一台，请登录 xy-tv6.cc 领取，验证码8866。",
        FLAGGED,
        category="prize",
    ),
    Sample(
        "parcel-claim",
        "【顺丰速运】您的快递在运输中丢失，现为您办理三倍理赔，请添加客服微信 sflp9981 处理。",
        FLAGGED,
        "sf",
        "95338",
    ),
    Sample(
        "member-fee",
        "【抖音】您已开通直播会员，每月自动扣费800元，如需取消请致电 4009998877 联系客服。",
        FLAGGED,
        "douyin",
        category="fake_service",
    ),
    Sample(
        "account",
        "【微信】您的账号异常登录将被封号，请点击 wx-jf.xyz/u 验证解除限制。",
        SCAM,
        category="account_takeover",
    ),
    Sample(
        "safe-account",
        "我是市公安局民警，您涉嫌洗钱案件，请将资金转入安全账户配合清查，切勿告诉家人。",
        SCAM,
        "police110",
        category="authority",
    ),
    Sample(
        "court",
        "【法院通知】您有一张传票未领取，将强制执行，详情加QQ 3344556677 咨询书记员。",
        FLAGGED,
        "court12368",
    ),
    Sample(
        "tax",
        "【个人所得税】您有2860元退税待领取，今日截止，请点击 gs-tax3.top 填写银行卡信息。",
        FLAGGED,
        category="tax_subsidy",
    ),
    Sample(
        "subsidy",
        "2026年个人劳动补贴已开始发放，请立即登录 bt-lq5.cn 领取，逾期作废。",
        FLAGGED,
        category="tax_subsidy",
    ),
    Sample(
        "job",
        "诚招手机兼职，在家点赞日结300元，无需经验，加微信 jz66889 报名。",
        FLAGGED,
        category="brushing",
    ),
    Sample(
        "shares",
        "昨日推荐个股涨停，今日布局下一只黑马，免费进群听老师带单，加QQ群 778899001。",
        FLAGGED,
        category="investment",
    ),
    Sample(
        "loan",
        "您的20万额度已审批通过，无抵押当天放款，点击 dk-kd8.top 提取，退订回T",
        FLAGGED,
        category="loan",
    ),
    Sample(
        "credit-record",
        "您名下的校园贷账户未注销将影响征信，请下载会议软件配合工作人员注销，咨询 17012345678",
        FLAGGED,
        category="credit_record",
    ),
    Sample(
        "boss",
        "小李，我是张总，这是我的新号码，明天早上来我办公室一趟。原号码不用了，加这个微信 zhangzong668",
        FLAGGED,
        category="acquaintance",
    ),
    Sample(
        "ticket",
        "【东方航空】您预订的航班因机械故障已取消，请致电 4008887766 办理改签，可获延误补偿300元。",
        FLAGGED,
        "air_ce",
        category="ticket",
    ),
    Sample(
        "gambling",
        "注册即送58元彩金，百家乐真人荷官，提款秒到，官网 yl888-vip.cc",
        FLAGGED,
        category="gambling",
    ),
    Sample("dating", "寂寞少妇同城约会，裸聊视频，加QQ 2233445566", FLAGGED, category="dating"),
    Sample(
        "code-wanted",
        "您好，我是淘宝客服，您的订单需要退款，请把收到的验证码发给我办理。",
        FLAGGED,
        "taobao",
    ),
    Sample(
        "album",
        "老同学聚会的照片都在这里，点开链接下载安装即可查看 http://xc-ab7.top/x.apk",
        FLAGGED,
        category="app_install",
    ),
    Sample(
        "debt-private",
        "您的借款已逾期，请今日将欠款转入个人账户 6222021234567890123 户名李四，否则通知家人。",
        SCAM,
        category="collection",
    ),
    Sample(
        "debt-threat",
        "你的网贷逾期多日，再不还款就爆通讯录，带人上门催收，联系 16500001111",
        FLAGGED,
        category="collection",
    ),
    Sample(
        "sender-lookalike",
        "【中国移动】您的手机号码即将停机，请点击 10086sm.top 完成实名认证。",
        SCAM,
        "cmcc",
        "10086",
        sender="l0086",
    ),
    # ── written to hide ──────────────────────────────────────────────────────────────────────────────────
    Sample("filler", "您的银.行.卡.已.冻.结，请加薇♥信 abc77889 办理", FLAGGED),
    Sample(
        "full-width",
        "【工商银行】您的网银已过期，请登录ｗｗｗ．ｉｃｂｃ－ｔ８．ｔｏｐ更新，逾期冻结",
        SCAM,
        "icbc",
        "95588",
    ),
    Sample("emoji-number", "您的信用卡已被冻结，请致电1️⃣3️⃣9️⃣0️⃣0️⃣0️⃣0️⃣2️⃣2️⃣2️⃣2️⃣解除", FLAGGED),
    # ── Taiwan and Hong Kong ─────────────────────────────────────────────────────────────────────────────
    Sample(
        "tw-bank",
        "【國泰世華】您的網路銀行即將停用，請立即點擊 cathay-tw8.top 重新認證，逾期帳戶凍結。",
        FLAGGED,
        hotline="165",
    ),
    Sample(
        "tw-parcel",
        "您的包裹因地址不完整無法配送，請於24小時內更新資料並支付運費：post-tw7.top",
        FLAGGED,
        hotline="165",
        category="parcel",
    ),
    Sample("tw-shares", "飆股老師免費分享，跟單穩賺不賠，加LINE：gup8899 領取明牌", FLAGGED, hotline="165"),
    Sample("tw-job", "在家兼職輕鬆賺，每日薪資日結三千，加賴 abc778", FLAGGED, hotline="165"),
    Sample(
        "hk-toll",
        "易通行：閣下有未繳隧道費港幣45元，請即登入 hketo11-pay.cc 繳付，逾期將罰款。",
        FLAGGED,
        hotline="18222",
    ),
    Sample(
        "hk-parcel",
        "【香港郵政】閣下的郵件未能派遞，請更新地址並繳付港幣12元 hkpost-r.top",
        FLAGGED,
        hotline="18222",
    ),
    # ── nothing decisive ─────────────────────────────────────────────────────────────────────────────────
    Sample(
        "reminder",
        "【招联消费金融】您合同尾号3307的借款已逾期5天，应还本金1,200.00元，请登录招联App还款，如已还请忽略。",
        VERIFY,
        "cf_merchants",
        "95786",
    ),
    Sample(
        "card-reminder",
        "【中信银行】您尾号6688的信用卡本期账单已逾期，请尽快通过动卡空间App还款，如有疑问请致电95558。",
        VERIFY,
        "citic_bank",
    ),
    Sample("unknown-shop", "亲，您关注的宝贝上新啦，详情请看 lvye-cake.com", UNFLAGGED),
    Sample("friend-number", "我换号了，存一下，之前那个不用了", UNFLAGGED),
    # ── genuine ──────────────────────────────────────────────────────────────────────────────────────────
    Sample("otp", "【招商银行】您的验证码是 583920，5分钟内有效，请勿告诉他人。", CLEAR, "cmb", "95555"),
    Sample("otp-shop", "【绿野蛋糕店】验证码 7741，用于登录，10分钟内有效，请勿泄露。", CLEAR),
    Sample("otp-tw", "您的驗證碼為 448120，請於5分鐘內輸入，切勿轉告他人。", CLEAR, hotline=""),
    Sample(
        "transaction",
        "您尾号1234的储蓄卡12月3日14:05支出人民币35.00元，余额1,204.18元。【工商银行】",
        CLEAR,
        "icbc",
        "95588",
        sender="95588",
    ),
    Sample("salary", "【建设银行】您尾号0021的账户12月10日工资入账人民币8,500.00元，余额12,030.55元。", CLEAR, "ccb"),
    Sample(
        "bill",
        "【招商银行】您尾号5521的信用卡12月账单金额2,310.40元，最低还款额231.04元，还款日12月25日。",
        UNFLAGGED,
        "cmb",
        "95555",
    ),
    Sample("pickup", "【菜鸟驿站】您的快件已到东门驿站，取件码 6-2-3308，请于今日21:00前来取。", CLEAR, "cainiao"),
    Sample("locker", "【丰巢】您的包裹已存入1号楼快递柜，凭取件码 338201 开箱，超时收费。", UNFLAGGED, "fcbox"),
    Sample("carrier", "【中国移动】您本月话费已出账，共58.00元，可登录中国移动App查询。", UNFLAGGED, "cmcc", "10086"),
    Sample(
        "police-warning",
        "【公安局】警方提醒：凡自称公检法要求转账到安全账户的都是诈骗，请勿相信，可拨打96110。",
        UNFLAGGED,
        "police110",
    ),
    Sample(
        "warning-screen",
        "反诈中心提示：不要共享屏幕，不要向任何人提供验证码，谨防冒充客服退款的骗局。",
        UNFLAGGED,
        "antifraud96110",
    ),
    Sample(
        "bank-warning", "【工商银行】我行不会以短信链接要求您更新网银，请勿点击不明链接，谨防诈骗。", UNFLAGGED, "icbc"
    ),
    Sample("school", "各位家长：明天下午三点在教室开家长会，请准时参加。班主任 李老师", UNFLAGGED),
    Sample("hospital", "【市第一医院】您已成功预约12月8日上午9:30内科门诊，请携带身份证提前半小时取号。", UNFLAGGED),
    Sample(
        "flight",
        "【东方航空】您预订的MU5101次航班12月9日08:00起飞，请提前两小时到达机场办理值机。",
        UNFLAGGED,
        "air_ce",
    ),
    Sample(
        "train", "【铁路12306】您已购12月9日G102次05车08F号，上海虹桥07:22开，请携带证件进站检票。", UNFLAGGED, "12306"
    ),
    Sample("advert", "【绿野蛋糕店】周年庆全场八折，会员充500送80，欢迎到店选购，退订回T", UNFLAGGED),
    Sample("water", "【自来水公司】因管道检修，明日9时至17时停水，请提前储水，给您带来不便敬请谅解。", UNFLAGGED),
    Sample("weather", "市气象台今日发布暴雨黄色预警，请注意出行安全。", CLEAR, hotline=""),
    Sample("friend", "周末一起去公园走走吧，我把相机带上，中午在老地方吃面", CLEAR, hotline=""),
    Sample("greeting", "新年快乐，祝您身体健康，万事如意！", CLEAR, hotline=""),
    Sample("tw-clear", "親愛的會員您好，本店週年慶全館八折，歡迎蒞臨選購。", UNFLAGGED),
    Sample(
        "hk-clear",
        "【中銀香港】閣下尾號2210的信用卡於12月3日簽賬港幣320.00元，如有查詢請致電熱線。",
        UNFLAGGED,
        "boc_hk",
    ),
)
