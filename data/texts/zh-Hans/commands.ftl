# Telegram 菜单里的命令说明（最多 256 字）和机器人简介
command-start = 开始
command-check = 查一条短信
command-rescue = 我被骗了，怎么办
command-hotline = 查官方电话
command-trends = 最近哪种骗局最多
command-report = 群管理员：看一周汇总
command-subscribe = 群管理员：每周一发汇总
command-unsubscribe = 群管理员：不再每周发
command-export = 群管理员：下载记录
command-settings = 设置
command-privacy = 我存什么
command-forget = 删除我的记录
command-help = 怎么用
command-stats = 管理员：运行情况
command-review = 管理员：等您看的

bot-short-description = 把可疑短信发来，告诉您像不像诈骗，该打哪个官方电话。不收钱，不要验证码。
bot-description =
    把可疑短信整条发来，我告诉您像不像诈骗，为什么，该打哪个官方电话。
    我不会主动找您，不收钱，不要验证码。
