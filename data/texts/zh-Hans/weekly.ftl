# /subscribe 和 /unsubscribe：每周一的汇总
weekly-on =
    好了。每周一上午 9 点到 9 点半，我在群里发上一周的汇总。
    下一次是 { $month } 月 { $day } 日 { $time }（按群里设的时区）。
    不想要了，发 /unsubscribe。
weekly-already-on =
    已经订好了，不用再订。
    下一次是 { $month } 月 { $day } 日 { $time }（按群里设的时区）。
weekly-silenced = 可我现在不能在这个群里说话。请先让我能发消息，不然到时候发不出来。
weekly-refused = 每周汇总要群管理员来订、来退。想查短信，回复它发 /check。
weekly-off = 好了，每周一不再发汇总。想看的时候，发 /report。
weekly-already-off = 这个群没有订每周汇总。想要的话，发 /subscribe。
