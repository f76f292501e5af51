# 步骤那一页，和它下面的按钮

plan-photo =
    { $who ->
        [helper] 📷 先用另一部手机拍下这一页。要断网的是家人的手机。
       *[self] 📷 先用另一部手机拍下这一页。这部手机等一下要断网。
    }
plan-step = { $n }. { $step }
plan-step-now = 👉 { $n }. { $step }
plan-step-done = ✅ { $n }. { $name }
plan-say = 　照着念：“{ $say }”
plan-clock = 　⏰ { $clock }
plan-moment = { $month }月{ $day }日 { $time }
plan-hint = 办完一步，点它的名字打勾。
plan-all-done = 都办完了。新的短信、电话拿不准，先发给我看。
plan-reminders = ⏰ 明天和三天后，我会问您一句。
plan-ask-region = 您在中国大陆吗？点一下，我只留用得上的。

closing-second-scam = ⚠️ 谁说交钱就能把钱追回来，谁就是下一个骗子。警察办案不收钱。
closing-advice = 拿不准，打 { $number } 问（反诈专线）。

plan-button-tick = { $n } { $name }
plan-button-ticked = ✅ { $name }
plan-button-sheet = 📄 报案材料
plan-button-sources = 📚 依据
plan-button-edit = 改情况
plan-button-means = 换银行、加付款方式
plan-button-remind = ⏰ 明天问问我
plan-button-remind-off = 不用再问我
plan-button-persuade = 怎么劝家人
plan-button-restart = 🔄 重新开始

restart-ask = 重新开始，打的勾、选的情况都会清掉。确定吗？
restart-yes = 确定，重新开始
restart-no = 不了，回去

sources-title = 每一步的依据：
sources-step = { $n }. { $name }：{ $sources }
sources-other = · { $name }：{ $sources }
sources-second-scam = 警惕追款
sources-advice = 反诈专线
sources-one = { $title }（{ $date }）
sources-joiner = ；
sources-caution = 资料是公开网页上的，有的是转载。来源对先后顺序说法不一，这里的顺序是本项目的判断。

# 危险：先像人一样说话，不问问题
danger-life =
    先别想钱的事。您的命比钱要紧。
    { $where ->
        [abroad] 现在就打当地的急救、报警电话，或者叫身边的人过来陪您。
       *[mainland] 现在就打 { $emergency } 或 { $police }，或者叫身边的人过来陪您。
    }
    被骗不是您的错。骗子专门干这个，很多聪明人也上过当。
    今晚别一个人待着。钱的事不急今晚，有人陪着了，再一步步办。
danger-life-helper =
    先陪着人，别让他一个人待着。药、刀拿开，离窗边远一点。
    { $where ->
        [abroad] 现在就打当地的急救、报警电话，再叫身边的人来帮忙。
       *[mainland] 现在就打 { $emergency } 或 { $police }，再叫身边的人来帮忙。
    }
    对他说：不是你的错，人在就好。别骂，别追问。
    钱的事不急今晚，人稳住了，再一步步办。
danger-minor =
    这不是你的错。敲诈你的人在犯罪。
    { $where ->
        [abroad] 现在就告诉爸妈、老师，或你信得过的大人。身边没人，就打当地的报警电话。
       *[mainland] 现在就告诉爸妈、老师，或你信得过的大人。身边没人，就打 { $police }。
    }
    一分钱也别给。聊天先别删，那是对方犯罪的证据。
    { $where ->
        [abroad] 难受得撑不住，马上打当地的急救电话，或叫身边的人。
       *[mainland] 难受得撑不住，马上打 { $emergency } 或 { $police }，或叫身边的人。
    }
    下面是一步一步怎么办。
danger-minor-helper =
    先告诉孩子：不是你的错，我们一起办。别骂，别没收手机。
    { $where ->
        [abroad] 现在就打当地的报警电话。一分钱也别给，聊天先别删。
       *[mainland] 现在就打 { $police } 报警。一分钱也别给，聊天先别删。
    }
    { $where ->
        [abroad] 今晚陪着他，别让他一个人待着。孩子说撑不住，马上打当地的急救电话。
       *[mainland] 今晚陪着他，别让他一个人待着。孩子说撑不住，马上打 { $emergency }。
    }
    下面是一步一步怎么办。
danger-later = 有人陪着了，想看钱的事怎么办，再按下面的按钮。
danger-later-button = 看看怎么办
danger-region = 不在中国大陆：打当地的急救、报警电话。

# 怎么劝家人
persuade =
    怎么劝家人：
    1. 先别说“你被骗了”。说：“我也拿不准，我们一起打官方电话问问。”
    2. 别骂，别讲道理。问他：“对方叫你别告诉谁？为什么这么急？”
    3. 请他自己拨 { $antifraud }（反诈专线）或银行卡背面的电话，开免提一起听。
    4. 他要转钱：说“等明天银行开门再转，不差这一晚”。先拖住。
    5. 手机上正在共享屏幕：先帮他强制重启，拔掉手机卡。
    6. 他不听：您打 { $antifraud } 问怎么办。钱已经转了，打 { $police }。
persuade-abroad =
    怎么劝家人：
    1. 先别说“你被骗了”。说：“我也拿不准，我们一起打官方电话问问。”
    2. 别骂，别讲道理。问他：“对方叫你别告诉谁？为什么这么急？”
    3. 他要转钱：说“等明天再转，不差这一晚”。先拖住。
    4. 请他自己打银行卡背面的电话，开免提一起听。
persuade-source = 说法是本项目写的；{ $antifraud } 是劝阻、咨询的专线。
persuade-source-abroad = 说法是本项目写的。

# 提醒：别人可能看到手机，所以一个字也不提被骗
followup-day = 昨天的事，还有要办的吗？
followup-days = 前几天的事，还有要办的吗？
followup-open = 看看还有什么
followup-done = 都办完了
followup-stop = 别再问我
followup-thanks = 好，那就不打扰了。
followup-stopped = 好，不再问您。

rescue-said-restart = 清掉了，重新开始。
rescue-said-remind = 好，明天和三天后问您一句，不提是什么事。
rescue-said-remind-off = 好，不问了。
rescue-old = 这一页旧了。发 /rescue，或按“我被骗了”，看现在的。
rescue-group =
    这件事我们私下说，不在群里说。点下面的按钮。
    急事先打 { $police }。
rescue-group-button = 去私聊
