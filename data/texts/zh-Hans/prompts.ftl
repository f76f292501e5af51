# 不是短信时的回答
prompt-greeting = 您好。把您想查的短信整条发给我，我马上看。
prompt-question =
    把您想查的短信整条发给我，我马上看是不是骗局。
    已经转了钱，按“我被骗了”。要查官方电话，按“官方电话”。
prompt-lead-in = 好，请把短信整条发给我：长按短信，复制，粘贴到这里。
prompt-number =
    光看号码，分不出真假：来电和短信的号码都能伪造。
    请把短信内容整条发给我。要查官方电话，按“官方电话”。
prompt-too-short = 字太少，我看不准。请把短信整条发给我，一个字也别漏。
prompt-check = 请把短信整条发给我：长按短信，复制，粘贴到这里。
prompt-photo =
    我现在还看不了图片，请发文字。
    在手机上长按短信，点“复制”，再粘贴到这里。
    复制不了，就照着打出来，网址和号码也要打。
prompt-other = 我只看得懂文字。请把短信整条复制，发给我。
prompt-check-group = 请回复要查的那条消息，再发 /check；或者发“/check 短信内容”。
prompt-edited = 您改了这条短信。要按改过的再查一次，请按下面的按钮。
limited = 发得有点急，我歇一下。请 { $seconds } 秒后再发。急事先打 { $police }。
limited-press = 按得有点急，请 { $seconds } 秒后再按。
inbox-flooded = 您一下子发得太多，后面的我没收。等我看完这些，再发别的。
inbox-queued = 现在人多，前面还有 { $waiting } 条，正在排队。急着转钱的，先别转，打 { $antifraud } 问。
store-down = 我这边暂时出了故障，收到了，恢复后马上看。急着转钱的，先别转，打 { $antifraud } 问。
owner-trouble = ⚠️ 出了故障，消息存不进去：{ $error }
owner-well = 故障恢复了，消息又能存了。
failed-press = 我这边出了点问题，没办成。请过一分钟再按。
failed = 我这边出了点问题，没看成。请过一分钟再发。急着转钱的话，先别转，打 { $antifraud } 问。
unknown-command = 没有这个命令。把短信整条发给我就行，或按“帮助”。
