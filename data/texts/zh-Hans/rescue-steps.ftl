# 步骤：先说做什么，再说为什么。每步一行；-say 是照着念的一句；-name 是按钮上的字，二到五个字。
# 顺序、条件和来源见 data/rescue/steps.toml。法律上的话不打包票。

guard-contact = 从现在起：别再转钱，别再理对方，什么都先别删。
guard-blackmail =
    { $who ->
        [helper] 这不是他的错。别给钱，别再理对方，聊天先别删。
       *[self] 这不是您的错。别给钱，别再理对方，聊天先别删。
    }
guard-debt = 别怕吓唬。先查清，再还钱，不还到私人账户。
guard-calm = 别慌，一步一步来。什么都先别删。
guard-abroad = 别再转钱，别再理对方，什么都先别删。

step-cut =
    { $who ->
        [helper] 断开骗子：把家人的手机强制重启，拔掉手机卡，关 Wi-Fi。下面的电话用您的手机打。
       *[self] 断开骗子：强制重启，马上拔掉手机卡，关 Wi-Fi。下面的电话用另一部手机打，没有就找人借。
    }
step-cut-name = 断开

step-police-money =
    { $who ->
        [helper] 帮家人打 { $number } 报警，或陪着去最近的派出所。紧急止付要由警察来办。
       *[self] 打 { $number } 报警，或去最近的派出所。紧急止付要由警察来办。
    }
step-police-money-name = 报警
step-police-money-say =
    { $who ->
        [helper] 我家人被诈骗了，钱已经转走，请看能不能紧急止付。转了多少、几点转的、对方账号，我现在报给您。
       *[self] 我被诈骗了，钱已经转走，请看能不能紧急止付。转了多少、几点转的、对方账号，我现在报给您。
    }

step-police-paid =
    { $who ->
        [helper] 帮家人打 { $number } 报警，或陪着去最近的派出所。
       *[self] 打 { $number } 报警，或去最近的派出所。
    }
step-police-paid-name = 报警
step-police-paid-say =
    { $who ->
        [helper] 我家人被诈骗，钱已经付出去了，我要报警。付了多少、怎么付的、对方是谁，我现在报给您。
       *[self] 我被诈骗，钱已经付出去了，我要报警。付了多少、怎么付的、对方是谁，我现在报给您。
    }

step-bank-money =
    { $who ->
        [helper] 同时打{ $bank }：冻结账户、挂失。要家人本人在旁边。
       *[self] 同时请家人打{ $bank }：冻结账户、挂失。没人帮忙，报完警就打。
    }
step-bank-money-name = 打银行
step-bank-money-say =
    { $who ->
        [helper] 我家人被诈骗，钱转走了。请马上冻结他的账户、挂失银行卡，看看这笔钱能不能拦。
       *[self] 我被诈骗，钱转走了。请马上冻结我的账户、挂失银行卡，看看这笔钱能不能拦。
    }
step-bank-money-clock = 在自动柜员机（ATM）上转的，{ $deadline }（北京时间）前打银行要求撤销。手机、柜台转的，没有这一条。
step-bank-money-clock-soon = 在自动柜员机（ATM）上转的，24 小时内可以要求撤销。快到时间了，现在就打。手机、柜台转的，没有这一条。

step-bank-exposed =
    { $who ->
        [helper] 先打{ $bank }：挂失、冻结。要家人本人在旁边。查有没有陌生交易，钱少了马上打 { $number }。
       *[self] 先打{ $bank }：挂失、冻结。查有没有陌生交易，钱少了马上打 { $number }。
    }
step-bank-exposed-name = 打银行
step-bank-exposed-say =
    { $who ->
        [helper] 我家人把账户信息给了骗子。请马上挂失、冻结，再查查有没有陌生交易。
       *[self] 我把账户信息给了骗子。请马上挂失、冻结，再查查有没有陌生交易。
    }

step-bank-lent = 打{ $bank }：停用、注销借出去的卡。
step-bank-lent-name = 打银行
step-bank-lent-say =
    { $who ->
        [helper] 我家人把银行卡借给了别人，请马上停用，要注销。
       *[self] 我把银行卡借给了别人，请马上停用，我要注销。
    }
step-sim = 借的是手机卡，打运营商停用、注销：移动 { $cmcc }，联通 { $cucc }，电信 { $ctcc }。
step-sim-name = 停手机卡

step-wechat-money =
    { $who ->
        [helper] 帮家人打微信支付 { $number }，再在账单里投诉：点这笔 → 对订单有疑惑 → 投诉 → 交易被骗。
       *[self] 打微信支付 { $number }，再在账单里投诉：点这笔 → 对订单有疑惑 → 投诉 → 交易被骗。
    }
step-wechat-money-name = 微信支付
step-wechat-money-say =
    { $who ->
        [helper] 我家人被诈骗，用微信付了钱。请看看这笔钱能不能拦。
       *[self] 我被诈骗，用微信付了钱。请看看这笔钱能不能拦。
    }

step-wechat-exposed = 打微信支付 { $number }：说账户可能被别人用了，请他们处理。查有没有陌生交易，钱少了马上打 { $police110 }。
step-wechat-exposed-name = 微信支付
step-wechat-exposed-say =
    { $who ->
        [helper] 我家人的微信支付可能被别人用了。请马上处理，查查有没有陌生交易。
       *[self] 我的微信支付可能被别人用了。请马上处理，查查有没有陌生交易。
    }

step-alipay-money =
    { $who ->
        [helper] 帮家人打支付宝 { $number }：冻结账户。再在账单里点这笔 → 投诉。开了延时到账、钱还没到的，马上把报警回执给客服。
       *[self] 打支付宝 { $number }：冻结账户。再在账单里点这笔 → 投诉。开了延时到账、钱还没到的，马上把报警回执给客服。
    }
step-alipay-money-name = 支付宝
step-alipay-money-say =
    { $who ->
        [helper] 我家人被诈骗，用支付宝付了钱。请冻结账户，看看这笔钱能不能拦。
       *[self] 我被诈骗，用支付宝付了钱。请冻结账户，看看这笔钱能不能拦。
    }

step-alipay-exposed = 打支付宝 { $number }：冻结账户。查有没有陌生交易，钱少了马上打 { $police110 }。
step-alipay-exposed-name = 支付宝
step-alipay-exposed-say =
    { $who ->
        [helper] 我家人的支付宝可能被别人用了。请马上冻结，查查有没有陌生交易。
       *[self] 我的支付宝可能被别人用了。请马上冻结，查查有没有陌生交易。
    }

step-crypto = 虚拟币：马上联系您用的交易所。记下交易编号（TXID）和对方地址。这种钱很难追回。
step-crypto-name = 交易所
step-giftcard = 礼品卡、点卡：马上联系发卡的公司。卡和小票都留着。
step-giftcard-name = 发卡公司

step-account = 账号里绑了钱的，打官方电话，请他们处理：微信支付 { $wechat }，支付宝 { $alipay }。
step-account-name = 打客服

step-police-authority = 挂断，自己拨 { $number } 问。别用对方给的电话。
step-police-authority-name = 打电话问
step-police-authority-say =
    { $who ->
        [helper] 有人自称公安、法院，说我家人涉案，还要钱。请帮我查是不是真的。
       *[self] 有人自称公安、法院，说我涉案，还要钱。请帮我查是不是真的。
    }

step-police-blackmail = 打 { $number } 报警。不满 18 岁，先告诉爸妈或老师，请他们陪着。
step-police-blackmail-name = 报警
step-police-blackmail-say =
    { $who ->
        [helper] 有人用视频、照片敲诈我家人，我要报警。
       *[self] 有人用视频、照片敲诈我，我要报警。
    }

step-authority = 挂断，别再接。警察不在电话、QQ 里办案，不在网上发逮捕令，没有“安全账户”。
step-authority-name = 别信
step-blackmail = 一分钱也别给。给了，对方还会再要，没有完。
step-blackmail-name = 不给钱
step-deposit = 别再交第二笔。放款以前要收的钱，什么名目都是诈骗。
step-deposit-name = 不再交
step-link = 关掉网页，什么都别填。填过卡号、验证码，马上打银行挂失（卡背面的电话）。
step-link-name = 关网页
step-debt-check = 先查清：只在放款机构的官方 App 或官方电话里问，欠没欠、欠多少、谁来收。
step-debt-check-name = 查清

step-evidence-offline = 留证据：用另一部手机拍下屏幕、App 名字、网址、聊天、转账记录。先别删。
step-evidence-offline-name = 拍证据
step-evidence-link = 留证据：把那条短信、网址、下载的东西拍下来。
step-evidence-link-name = 拍证据
step-evidence = 留证据：聊天、短信、通话、转账记录都拍下来。警察没说可以，先别删。
step-evidence-name = 拍证据
step-police-app = 用另一部手机打 { $number } 报警。
step-police-app-name = 报警
step-police-app-say =
    { $who ->
        [helper] 有人骗我家人装了 App，能控制手机。钱还没少，我要报警。
       *[self] 有人骗我装了 App，能控制手机。钱还没少，我要报警。
    }

step-app-remove = 拍好证据、问过警察，不联网，再删掉那个 App。恢复出厂设置也要先问：证据会一起没。
step-app-remove-name = 删App
step-blackmail-remove = 拍好证据、问过警察，再删掉对方让装的 App。
step-blackmail-remove-name = 删App
step-blackmail-warn = 告诉家人朋友：有人冒充、敲诈，收到视频别信，别转钱。
step-blackmail-warn-name = 告诉亲友
step-link-after = 拍好证据，再删掉下载的东西。这几天每天看账户，有陌生交易，先打 { $number }，再打银行。
step-link-after-name = 看账户
step-passwords = 换一部没出问题的手机，改密码：银行、微信、支付宝。
step-passwords-name = 改密码
step-identity-receipt = 跟警察说证件也给出去了，要一张回执。别人冒用身份做的事，一般不由您承担，保留报警回执。
step-identity-receipt-name = 要回执
step-identity = 打 { $number } 或去派出所报案，要一张回执。别人冒用身份做的事，一般不由您承担，保留报警回执。
step-identity-name = 要回执
step-identity-check = 查别人用您名字办的手机卡：工信部“一证通查”，48 小时内回短信。查银行卡：云闪付“一键查卡”。
step-identity-check-name = 查名下
step-credit = 查信用报告：人民银行征信中心 { $number }，每年两次不收钱。有不是您借的，提出异议。
step-credit-name = 查征信
step-lent = 去派出所把借卡、卖卡的事说清楚，越早越好。别再借给任何人：可能五年不能网上转账，记入信用，还可能判刑。
step-lent-name = 去说清
step-debt-talk = 让对方拿出委托书，再跟放款机构商量怎么还。
step-debt-talk-name = 商量
step-debt-talk-say = 请告诉我：是哪家机构委托你们的，委托书给我看。还款我只跟机构谈。
step-debt-complain = 骂人、恐吓、骚扰家人的，打 { $number } 投诉（工作日上班时间）。
step-debt-complain-name = 投诉
step-debt-complain-say = 我要投诉违规催收：哪家机构、哪天几点、用哪个号码、说了什么，我报给您。

step-abroad-line = 打 { $number }（{ $name }）。
step-abroad-line-name = 打电话
step-abroad-local = 打当地的报警电话。
step-abroad-local-name = 打电话
step-abroad-bank = 打{ $bank }：说被骗了，请他们帮忙。
step-abroad-bank-name = 打银行
step-abroad-evidence = 留证据：聊天、短信、通话、转账记录都拍下来，先别删。
step-abroad-evidence-name = 拍证据

own-bank = { $name } { $number }
own-bank-local = { $name } { $number }（{ $purpose }）
own-bank-unknown = 您的银行（卡背面的电话）
own-bank-no-number = { $name }（卡背面的电话）
