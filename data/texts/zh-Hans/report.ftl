# /report 和每周一的汇总：管理员看，也会转发给别人。summary- 是文字，chart- 是图

report-refused = 这份汇总只给群管理员看。想查短信，回复它发 /check。
report-failed = 没能确认您是不是群管理员，请过一会儿再试。

summary-name-week = 本群防骗周报
summary-name-month = 本群防骗月报
summary-title = 📊 { $name }：{ $period }
summary-late = ⏰ 这份该周一发，发晚了，抱歉。
summary-day = { $month }月{ $day }日
summary-days = { $first }至{ $last }
summary-last-day = { $day }日
summary-week = { $days }（{ $year }年第{ $week }周）
summary-week-open = { $days }（这周还没过完）
summary-month = { $year }年{ $month }月
summary-month-open = { $days }（这个月还没过完）

summary-against-week = 和前一周比
summary-against-week-open = 和上周的同一段时间比
summary-against-month = 和前一个月比
summary-against-month-open = 和上个月的同一段时间比
summary-compared = （括号里：{ $against }）
summary-no-before = （前面那段时间没有记录，不比了）
summary-change =
    { $way ->
        [more] 多了 { $count } { $unit }
        [less] 少了 { $count } { $unit }
       *[same] 一样多
    }
summary-times = 次
summary-kinds = 种
summary-people = 人
summary-amount = { $count } { $unit }
summary-amount-change = { $count } { $unit }（{ $change }）

summary-scams = · 确认诈骗：{ $amount }
summary-checks = · 查短信：{ $amount }
summary-repeats = · 同样的又报了：{ $amount }
summary-reporters = · 报的人：{ $amount }
summary-corrections = · 有人说“不是诈骗”：{ $amount }

summary-categories = 都是什么骗局：
summary-category = · { $name }：{ $amount }
summary-category-unknown = 别的骗局
summary-categories-more = · 还有 { $count } 类，共 { $amount }
summary-gone = 上一段时间有、这次没有的：{ $list }

summary-institutions = 被冒充的机构。要核实，打官方电话：
summary-institution = · { $name }：{ $number }
summary-institution-unclear = · { $name }：名字不清楚，可能是{ $numbers }。您用哪家就打哪家。
summary-institution-none = · { $name }：没有核实过的号码。打卡背面的电话，或在官方 App 里找。
summary-institution-candidate = { $name } { $number }
summary-institutions-more = · 还有 { $count } 家

summary-domains = 新出现的假网址，别点：{ $list }
summary-numbers = 新出现的骗子电话，别打：{ $list }

summary-most = 报得最多的一种（{ $category }）：报了 { $reports } 次，{ $people } 个人报的。
summary-most-plain = 报得最多的一种：报了 { $reports } 次，{ $people } 个人报的。
summary-wording = 原话：「{ $words }」
summary-wording-none = 样子看下面，是我们编的例子。

summary-forward = 👇 可以转发给家里人，点一下就复制：
summary-warning =
    【防骗提醒】最近有“{ $category }”的骗子短信，样子像这样（我们编的例子）：
    「{ $example }」
    { $advice }
    别转钱，别点链接，别给验证码，别打短信里的电话。
summary-warning-any =
    【防骗提醒】最近又有人收到骗子短信。
    别转钱，别点链接，别给验证码，别打短信里的电话。
summary-ask = 拿不准，打 { $advice } 问（{ $name }）。
summary-ask-sent = 拿不准，打 { $advice } 问（{ $name }）。已经转了钱，马上打 { $emergency }。

summary-quiet = 🌿 这段时间没有确认的诈骗，真好。
summary-quiet-none = 🌿 这段时间没人查过短信，也没有确认的诈骗。
summary-quiet-before = · 上一段时间有 { $count } 种诈骗
summary-how = 遇到可疑短信，回复它发 /check，我马上看。
summary-tip = 提醒一句：{ $tip }
summary-tip-0 = 验证码谁要都别给，自称客服、警察也一样。
summary-tip-1 = 叫您把钱转到“安全账户”的，都是骗子。
summary-tip-2 = 孩子、领导换了号码来要钱，先打原来的号码问。
summary-tip-3 = 家里老人收到奇怪的短信，请他先发来查一查。

summary-footer = 确认过的才算，差不多的短信算一种。谁报的，这里不写。

chart-ten-thousand = { $count }万
chart-scams = 确认诈骗
chart-repeats = 同样的又报
chart-reporters = 报的人
chart-checks = 查短信
chart-corrections = 说不是诈骗
chart-compared = 多了、少了：{ $against }
chart-change =
    { $way ->
        [more] 多了{ $count }
        [less] 少了{ $count }
       *[same] 一样多
    }
chart-days = 每天
chart-weeks-of-month = 每周
chart-weekdays = 周一 周二 周三 周四 周五 周六 周日
chart-from = { $date }起
chart-date = { $month }/{ $day }
chart-legend-scams = 确认的诈骗（种）
chart-legend-checks = 查短信（次）
chart-nothing = 没有人查短信，也没有确认的诈骗。
chart-kinds = 都是什么骗局
chart-rest = 其余{ $kinds }类
chart-trend = 近八周确认的诈骗
chart-trend-note = 日期是那周的周一
chart-no-trend = 近八周都没有确认的诈骗。
