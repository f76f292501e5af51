# 只给管理员看的：/stats 和 /review
owner-date = { $month }月{ $day }日

level-clear = 没发现特征
level-verify = 请核实
level-suspicious = 可疑
level-scam = 很可能是诈骗

stats-title = 运行情况（{ $since }到{ $until }）
stats-seen = 七天来 { $people } 人，{ $groups } 个群。总共 { $people_ever } 人，{ $groups_ever } 个群。
stats-day = { $date } { $bar } { $count } 次
stats-levels = 结论：{ $list }
stats-level = { $name } { $percent }%
stats-said = 确认诈骗 { $reports } 次，更正 { $corrections } 次，号码不对 { $complaints } 次。
stats-rate = 每一百次查询，更正 { $rate } 次。
stats-inbox = 收到还没处理的 { $backlog } 条，放弃的 { $dead } 条。
stats-review = 等您看的 { $waiting } 条。
stats-since-start = 启动以来回复 { $count } 次：一半在 { $p50 } 秒内，95% 在 { $p95 } 秒内，99% 在 { $p99 } 秒内。
stats-last-hour = 最近一小时回复 { $count } 次：一半在 { $p50 } 秒内，95% 在 { $p95 } 秒内，99% 在 { $p99 } 秒内。
stats-no-latency = 还没有回复用时的记录。

review-none = 现在没有要您看的。
review-title-report = 🔎 漏了？有人说是诈骗
review-title-complaint = 📞 有人说号码不对
review-title-correction = ↩️ 判错了？有人说不是诈骗
review-people = { $date }起，{ $people } 人这样说。连这条，等您看的有 { $waiting } 条。
review-said = 当时的结论：{ $level }，像诈骗的程度 { $percent }%。
review-category = 类型：{ $name }
review-institution = 机构：{ $name }（编号 { $id }）
review-no-institution = 没认出是哪家机构，只给了通用电话。
review-number = · { $name } { $number }
review-rules = 依据：{ $list }
review-text = 短信（隐私已遮住）：「{ $text }」
review-no-text = 没有存短信内容：没人举报过这条。
review-check = 查询编号：

review-confirmed-report = ✅ 已确认：这条对所有人都算诈骗了。
review-confirmed-correction = ✅ 已确认：这条不是诈骗。别人再举报，也不算数。
review-confirmed-complaint = ✅ 已记下：号码确实不对。
review-withdraw =
    请马上停用这个号码：把下面几行写进更正文件，留下错的号码，再重启。
    写法见文档 docs/institutions，overlay 一节。
review-rejected = ❌ 已驳回：这样说的人都不算数了。
review-muted = 🔇 已静音：此人以前和以后说的都不算数。
review-already = 已经有人处理过了：{ $decision }。
review-gone = 这条不用处理了：说的人收回了，或者不再算数。
review-mute-owner = 管理员不能静音。

decision-confirm = 确认
decision-reject = 驳回
decision-mute = 静音

button-review-confirm = 确认
button-review-reject = 驳回
button-review-mute = 静音此人
button-review-mute-first = 静音最先说的人
button-review-next = 下一条
