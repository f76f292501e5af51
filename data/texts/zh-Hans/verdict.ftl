# 判断结果。第一行：结论和要做的事。读者是半夜着急的老人：句子短，先说做什么。

verdict-scam = 🔴 这很可能是诈骗。别转钱，别点链接，别回复，别打里面的电话。
verdict-suspicious = 🟠 可疑，先别照做。先打官方电话问清楚。
verdict-verify = 🟡 光看短信分不出真假，请先核实。核实前别转钱，别给验证码。
verdict-clear = ⚪ 没发现诈骗特征（不等于安全）。要您转钱、给信息的，先打官方电话问。

# clear 必须写明看的是哪一条：别人转发来的结论不算数
clear-judged = 我只看了这一条：「{ $words }」
clear-forwarded = 别人转发给您的“查过了”不算数，请自己发来查。

reason-quoted = · 「{ $words }」：{ $why }
reason-plain = · { $why }

official = 要核实，请打{ $name }官方电话 { $number }（不要拨短信里的号码）。
official-two = 要核实，请打{ $name }官方电话 { $number }，{ $purpose } { $second }（不要拨短信里的号码）。
official-ambiguous = 短信里的名字不清楚，可能是这几家。您用哪家就打哪家（不要拨短信里的号码）：
official-candidate = · { $name } { $number }
official-unclear = 短信里的名字不清楚，不知道是哪家。请打您银行卡背面的电话，或在官方 App 里问。
official-unknown = 要核实，银行的事打卡背面的电话，别的事打官方 App 里的电话（不要拨短信里的号码）。

money-sent = 已经转了钱？现在就打 { $number }，越快越好。
ask-advice = 拿不准，打 { $number } 问（{ $name }）。
one-time-code = 验证码不要转给任何人，包括我。

collection-details = 催款该写清的，有：{ $present }；没有：{ $missing }。
collection-details-none = 催款该写清的，这条一样也没写：{ $missing }。
collection-details-all = 催款该写清的都有：{ $present }。写得全也可能是假的。
collection-faults = 合法催收不会这样：{ $faults }。
collection-verify = 欠没欠、还多少、债归谁，只问官方 App 或官方电话。真欠，跟机构商量，别还到私人账户。没欠，不用理它。
collection-complain = 违规催收打 { $complaints } 投诉（工作日）。
list-joiner = 、
list-more = { $shown } 等 { $count } 个

collection-detail-creditor = 欠哪家
collection-detail-amount = 欠多少
collection-detail-principal = 本金
collection-detail-overdue = 逾期几天
collection-detail-contract = 合同或卡尾号
collection-detail-other = 其他明细
collection-fault-private_account = 让您转到私人账户
collection-fault-personal_contact = 留个人手机号、微信或 QQ
collection-fault-foreign_link = 给不是官方的网址
collection-fault-secrets = 要验证码、密码或身份证
collection-fault-threat = 吓唬您
collection-fault-posing = 冒充公检法
collection-fault-third_person = 找您的家人朋友
collection-fault-other = 其他违规的话

# 更多依据
more-title = 下面是全部依据，从重到轻：
more-entry = { $weight } 「{ $words }」：{ $why }
more-entry-plain = { $weight } { $why }
more-none = 没有找到能说明问题的字句。
more-cut = 还有 { $count } 条较轻的，没有列出。
more-likelihood = 综合起来，像诈骗的程度：{ $percent }%（估计，会有错）。
more-category = 最像这一类：{ $name }
weight-hard = 〔铁证〕
weight-heavy = 〔重〕
weight-medium = 〔中〕
weight-light = 〔轻〕
weight-genuine = 〔反而像真的〕
