# 消息下面的按钮
button-confirm = 确认是诈骗
button-confirm-too = 我也确认是诈骗
button-deny = 不是诈骗
button-victim = 我已经被骗
button-more = 更多依据
button-wrong-number = 号码不对
button-recheck = 重新查一次
button-recorded-scam = 已记下：是诈骗
button-recorded-genuine = 已记下：不是诈骗
button-copy = 复制 { $number }
button-forget-yes = 确定，全部删掉
button-forget-no = 不删了

# 输入框下面的键盘：这些字会作为消息发来，所以不能重复
key-check = 查短信
key-rescue = 我被骗了
key-hotline = 官方电话
key-help = 帮助
key-privacy = 隐私
key-forget = 删除我的记录

# 按下之后的提示
pressed-confirmed = 记下了，这条算诈骗。谢谢您，能帮到别人。
pressed-reported = 记下了，谢谢您。这条要有更多人确认，才算数。
pressed-corrected = 记下了，谢谢您指出。真假仍请打官方电话核实。
pressed-already = 您已经说过了，不用再按。
pressed-quota = 今天记得够多了，明天再来。谢谢您。
pressed-other-text = 这条短信后来改过，和查的时候不一样。请重新查。
pressed-unknown = 这次查询的记录已经没有了。请把短信再发一次。
pressed-gone = 原来的短信找不到了。请把短信再发一次，我重新看。
pressed-wrong-number = 谢谢，记下了，我们会核对。先用银行卡背面的电话，或官方 App 里的。
pressed-old = 这个按钮过期了。请把短信再发一次。
pressed-forget-kept = 好，什么都没删。
