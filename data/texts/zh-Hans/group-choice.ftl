# 在私聊里选群：/report、/export、/subscribe、/unsubscribe、/settings
choice-report = 看哪个群的汇总？请按一个。
choice-export = 要哪个群的记录？请按一个。
choice-subscribe = 哪个群要每周汇总？请按一个。
choice-unsubscribe = 哪个群不要每周汇总了？请按一个。
choice-settings = 改哪个群的设置？请按一个。
choice-more = 这里只列您最近用过的 { $most } 个群。
choice-title = 群：{ $title }
choice-untitled = 没有名字的群
choice-none =
    我还不知道您管着哪个群。
    请到那个群里发一次 /report。请用您自己的名字发，不要匿名。
    我得在那个群里，您得是群管理员。
choice-failed = 没能问到您管着哪些群，请过一会儿再发一次。
choice-press-failed = 没能确认您是不是群管理员，请过一会儿再按。
choice-not-admin = 这个群不行：要么您现在不是管理员，要么我已经不在群里。

period-unknown =
    没看懂您要哪段时间。可以写这几样：
    上周，本周，本月，或者 2026-W46（就是 2026 年第 46 周）。
    什么都不写，就是上周。
