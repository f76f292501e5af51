# 报案材料：一项一项问，最后给一份文字和一张图

sheet-intro =
    📄 报案材料：我一项一项问，您打字回答。不知道就点“跳过”。
    姓名、身份证号不要发给我，到派出所自己写。
sheet-ask = ({ $n }/{ $of }) { $question }
sheet-had = 现在填的是：{ $answer }
sheet-ask-amount = 一共转了多少钱？几笔？
sheet-ask-time = 哪天、几点几分的事？
sheet-ask-bank =
    { $who ->
        [helper] 他（她）的哪家银行、哪个账户？卡号只写最后四位。
       *[self] 您自己的哪家银行、哪个账户？卡号只写最后四位。
    }
sheet-ask-account = 对方的收款账号是多少？
sheet-ask-holder = 对方的户名（名字）是什么？
sheet-ask-their-bank = 对方是哪家银行？写到支行更好。
sheet-ask-number = 对方用什么号码打电话、发短信？
sheet-ask-chats = 对方的微信、QQ 或别的账号是什么？
sheet-ask-links = 对方给过什么网址？只发网址，别发整条短信。
sheet-ask-apps = 对方让您装过什么 App？

sheet-label-amount = 损失金额
sheet-label-time = 时间
sheet-label-bank = 本人银行、账户
sheet-label-account = 对方收款账号
sheet-label-holder = 对方户名
sheet-label-their-bank = 对方开户行
sheet-label-number = 对方号码
sheet-label-chats = 对方微信、QQ
sheet-label-links = 网址
sheet-label-apps = App 名字

sheet-button-skip = 跳过
sheet-button-keep = 不改，下一项
sheet-button-end = 到此为止，出材料
sheet-button-quit = 不填了
sheet-button-plan = ‹ 回到步骤
sheet-button-again = 改一改
sheet-button-sms = 举报短信
sheet-button-complaint = 投诉催收

sheet-no-id = 这像身份证号，不用给我，我没有记。请把刚才那条消息删掉，再回答：
sheet-too-long = 太长了，最多 { $most } 个字。请写短一点：
sheet-quit = 好，不填了，填过的已经删掉。
sheet-done =
    报案材料好了。长按下面的文字就能复制；图片给警察看。
    带上身份证、银行卡、手机、转账凭证。
sheet-edited = 改过的我没记下。要改，最后点“改一改”。
sheet-gone = 填的内容过了 60 分钟，已经删掉。要用请重新填。
sheet-delete = 填的内容，60 分钟后我这边就删掉。聊天里的要您自己删：长按消息，点“删除”。

sheet-file = 报案材料.png
sheet-title = 被诈骗报案材料
sheet-part-person = 报案人（自己手写）
sheet-part-loss = 经过和损失
sheet-part-scammer = 对方
sheet-person-name = 姓名
sheet-person-id = 身份证号
sheet-person-phone = 电话
sheet-what = 发生了什么
sheet-story = 经过（手写）
sheet-line = { $label }：{ $value }
sheet-empty = ________
sheet-foot = 本人填写，未经核实。请警方尽快紧急止付。
sheet-foot-plain = 本人填写，未经核实。
sheet-own-tail = 尾号{ $tail }

# 举报短信：可以整条复制的文字
report-sources = 依据：{ $sources }
report-sms =
    举报这条短信。把括号里的换成真的，再发出去：
report-12321 = 发短信到 { $number }（只收举报，不办案）：
report-12321-text = { $sender }*{ $content }
report-mobile = 中国移动的用户，发短信到 { $number }（只收短信，不能打）：
report-mobile-text = { $sender }*{ $content }
report-unicom = 中国联通的用户，发短信到 { $number }（这个办法请再核对）：
report-unicom-text = LJDXJB#{ $sender }#{ $content }
report-telecom = 中国电信的用户，也发到 { $number }：
report-telecom-text = { $sender }*{ $content }
report-complaint = 打 { $number } 投诉（工作日上班时间），照着念：
report-complaint-text =
    我要投诉违规催收。
    放款机构：（写机构名）
    催收电话：{ $sender }
    时间：{ $time }
    说了什么：（写原话）
    请查：他们有没有委托，委托给了谁。
report-sender-blank = （骗子的号码）
report-number-blank = （催收的号码）
report-content-blank = （短信内容）
report-time-blank = （哪天几点）
