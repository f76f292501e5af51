# 群设置（/settings）、自动提醒、私聊里自己的设置。群设置只有群管理员能改，但谁都可能看到。

settings-title = ⚙️ 本群的设置
settings-title-of = ⚙️ 群的设置
settings-auto-on = · 自动提醒：开着。有人发来的话很可能是诈骗，我就在下面说一句。
settings-auto-off = · 自动提醒：关着。有人回复消息发 /check，我才看。
settings-weekly-on = · 每周汇总：开着。每周一早上九点多，发在群里。
settings-weekly-off = · 每周汇总：关着。
settings-zone = · 时区：{ $zone }，现在 { $time }。
settings-language = · 语言：{ $language }。
settings-confirmers-all = · 谁能确认诈骗：我标了 🔴 的，所有成员。没标的，只有管理员。
settings-confirmers-admins = · 谁能确认诈骗：只有管理员。成员按了也记下，先不算数。
settings-silenced = ⚠️ 我在群里没有发言权，提醒和汇总都发不出来。请管理员让我能发言。

button-settings-auto-on = 打开自动提醒
button-settings-auto-off = 关掉自动提醒
button-settings-weekly-on = 打开每周汇总
button-settings-weekly-off = 关掉每周汇总
button-settings-confirmers-admins = 改成只有管理员能确认
button-settings-confirmers-all = 改成所有成员能确认
button-settings-zone = 改时区
button-settings-language = 改语言
button-settings-back = 返回
button-settings-again = 办好了，再试一次
button-settings-consent-on = 计入统计
button-settings-consent-off = 不计入统计

# 时区那一页。按钮上写当地现在几点，看钟就知道选哪个
settings-zones =
    选一个时区：看哪个钟点和您那里一样。
    每周的汇总，从您那里的周一零点算起。
settings-zone-now = { $zone } { $time }
settings-chosen = ✅ { $name }
zone-beijing = 北京
zone-hongkong = 香港、澳门
zone-taipei = 台北
zone-singapore = 新加坡
zone-kualalumpur = 吉隆坡
zone-bangkok = 曼谷、河内
zone-jakarta = 雅加达
zone-tokyo = 东京
zone-seoul = 首尔
zone-sydney = 悉尼
zone-auckland = 奥克兰
zone-losangeles = 洛杉矶、温哥华
zone-newyork = 纽约、多伦多
zone-london = 伦敦
zone-paris = 巴黎、罗马
zone-dubai = 迪拜

# 语言那一页。每种语言的文件夹里都写自己的名字
language-name = 简体中文
settings-languages = 选一种语言，我在群里就说哪种。
settings-languages-later = 现在只有简体中文。别的语言以后会有。

# 自动提醒：开不了就照实说，再说怎么办
auto-refused =
    ⚠️ 自动提醒现在开不了：群里平常的消息，我看不到。
    两个办法，任选一个，办好了按下面的按钮。
    一、把我设成群管理员。别的权限都不用给。
    二、请建我的人去找 { $father }，发 { $setprivacy }，选我，再选 Disable。
    然后把我移出群，再拉进来。不重新拉，我还是看不到。
auto-muted =
    ⚠️ 自动提醒现在开不了：我在群里没有发言权，看到了也说不了。
    请管理员让我能发言，办好了按下面的按钮。
auto-bots = 另外，短信转发 App 常用机器人的身份发。机器人看不到机器人的话，要请人再转发一遍。
auto-readd = 我不是管理员。如果群里的话我还是看不到，请把我移出群，再拉进来，或者设成管理员。
auto-lost =
    我看不到群里平常的消息了，自动提醒已经关掉。
    要再开：请管理员把我设成群管理员，再发 /settings。
auto-line = 🔴 这条很可能是诈骗。别转钱，别点链接，别给验证码。
button-why = 为什么

# 不是管理员、没问到、群换了编号
settings-not-yours = 这是群管理员用的。想查短信，回复那条消息，发 /check。
settings-failed = 没能确认您是不是群管理员，请过一会儿再试。
settings-moved = 这个群升级过，旧按钮不管用了。请再发一次 /settings。

# 私聊里的 /settings：自己的一个选择，加上管着的群
settings-own-title = ⚙️ 您自己的设置
consent-ask =
    您在私聊里按“确认是诈骗”的，要不要计入大家的统计？
    统计就是 /trends：只说哪类骗局多，大约多少人报过。
    不说是谁，也不放您的短信。
consent-on = 现在：计入。
consent-off = 现在：不计入。
settings-own-groups = 管着群的，请到群里发 /settings，改那个群的设置。
