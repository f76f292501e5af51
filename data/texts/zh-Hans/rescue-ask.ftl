# 被骗以后：先说最急的，再问三件事。按钮上的字要短。顺序和依据见 data/rescue/

# 头一行最急
urgent-first = 🆘 { $line }
urgent-money = 钱已经转走：现在就打 { $number }，别等。
urgent-cut = 对方可能还在控制手机：强制重启，拔掉手机卡，关 Wi-Fi。
urgent-exposed = 只给了验证码、密码，钱还在：先打您的银行挂失（卡背面的电话）。钱少了，马上打 { $number }。
urgent-screen = 对方在看您的屏幕：先用另一部手机拍下这一页，再强制重启，拔掉手机卡。
urgent-exposed-offline = 断网以后，用另一部手机打您的银行挂失（卡背面的电话）。钱少了，马上打 { $number }。
urgent-authority = 挂断。自己拨 { $number } 问，别用对方给的电话。
urgent-blackmail = 别给钱，给了还会再要。先别删聊天，打 { $number }。
urgent-debt = 先查清再还：只在放款机构的官方 App 或官方电话里问。别转到私人账户。
urgent-link = 关掉网页，什么都别填。
urgent-lent = 马上停用借出去的卡：银行卡打银行（卡背面的电话），手机卡打运营商。
urgent-account = 账号里绑了钱的，先打官方电话。换一部没出问题的手机，改密码。
urgent-identity = 别再给任何照片，别再刷脸。
urgent-regional = 现在就打 { $number }（{ $name }）。
urgent-local = 现在就打当地的报警电话。
urgent-abroad-bank = 再打您的银行（卡背面的电话）。
urgent-regions =
    不在中国大陆：台湾 { $taiwan }，香港 { $hongkong }，澳门 { $macau }，
    新加坡 { $singapore }，马来西亚 { $malaysia }；别处打当地报警电话。

ask-situations =
    出了什么事？点下面的，可以点几样。
    点完，再点一个 ⏰：是多久以前的事。
ask-situations-helper =
    您家人出了什么事？点下面的，可以点几样。
    点完，再点一个 ⏰：是多久以前的事。
ask-means-money = 钱从哪里出去的？点一下。没有您的银行，就把银行名字发给我。
ask-means-exposed = 给出去的是哪家的？点一下。没有您的银行，就把银行名字发给我。
ask-means-offline = 手机里用哪家银行、哪个钱包？点一下。没有，就把银行名字发给我。
ask-means-lent = 借出去的是哪家的卡？点一下。没有您的银行，就把银行名字发给我。
ask-banks = 是哪家银行？没有的话，把银行名字发给我。
ask-bank-unknown = 没找到这家银行。打银行卡背面的电话，再点“不清楚，先看步骤”。
ask-region = 您现在在哪里？

situation-money = 转了钱、付了款
situation-code = 给了验证码或密码
situation-app = 装了App、共享屏幕
situation-identity = 给了身份证、人脸
situation-link = 只点了链接
situation-account = 账号被盗
situation-deposit = 交了贷款“保证金”
situation-authority = 被“公检法”威胁
situation-blackmail = 被裸聊勒索
situation-lent = 借出、卖了卡
situation-debt = 真欠款，被狠催

when-hour = ⏰ 1 小时内
when-six = ⏰ 1 到 6 小时
when-day = ⏰ 6 到 24 小时
when-older = ⏰ 1 天以上

means-wechat = 微信支付
means-alipay = 支付宝
means-crypto = 虚拟币
means-giftcard = 礼品卡、点卡
means-cash = 现金
means-sim = 手机卡
means-bank = 别的银行

region-mainland = 中国大陆
region-taiwan = 台湾
region-hongkong = 香港
region-macau = 澳门
region-singapore = 新加坡
region-malaysia = 马来西亚
region-elsewhere = 别的地方

choice-chosen = ✅ { $label }
choice-region = 我不在中国大陆
choice-region-now = 📍 { $region }（改）
choice-helper = 我在帮家人
choice-self = ✅ 我在帮家人
choice-more-banks = 别的银行…
choice-skip = 不清楚，先看步骤
choice-back = ‹ 返回

pick-situation-first = 先点出了什么事，再点多久以前。

# 按钮上的银行短名；没有写的用全名
bank-icbc = 工商银行
bank-abc = 农业银行
bank-boc = 中国银行
bank-ccb = 建设银行
bank-psbc = 邮储银行
bank-bocom = 交通银行
bank-cmb = 招商银行
bank-spdb = 浦发银行
bank-cmbc = 民生银行
bank-ceb = 光大银行
