# 已经被骗：顺序和来源见 data/rescue.toml
rescue-title = 🆘 已经转了钱？现在就打 { $police }，别等。
rescue-step-stop = { $n }. 停：别再转钱，别再接骗子电话，关掉屏幕共享。
rescue-step-police = { $n }. 打 { $police }，或去最近的派出所。说清：转了多少、几点几分、您的卡和银行、对方的账号和姓名。
rescue-step-bank = { $n }. 同时请家人打您的银行（卡背面的电话），说“被骗了，要止付”。微信打 { $wechat }，支付宝打 { $alipay }。
rescue-step-evidence = { $n }. 留证据：聊天、短信、通话、转账记录都拍下来，先别删。
rescue-step-passwords = { $n }. 换一部没出问题的手机，改密码。
rescue-note-atm = 在自动柜员机上转的：24 小时内可以找发卡银行撤销。手机转账不行。
rescue-note-code = 钱还没少，只给了验证码或卡号：先打银行挂失，再查交易；钱少了马上打 { $police }。
rescue-note-second = ⚠️ 谁说交钱就能把钱追回来，谁就是下一个骗子。警察办案不收钱。
rescue-note-regions = 不在中国大陆：台湾 { $taiwan }，香港 { $hongkong }，新加坡 { $singapore }，马来西亚 { $malaysia }。
