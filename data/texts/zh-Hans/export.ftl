# /export：一个群的记录，做成表格
export-done =
    这是群里 { $period } 的记录，共 { $rows } 条，两个文件内容一样。
    CSV 文件用表格软件打开看，JSONL 文件给懂电脑的人用。
    姓名、卡号、验证码都遮住了，也没写是谁报的。
export-done-group = 做好了，发到您和我的私聊里了。
export-refused = 群里的记录只给群管理员。想查短信，回复它发 /check。
export-empty = { $period } 这个群没有记录，没什么可导出的。
export-too-big = { $period } 的记录太多，文件发不出来。请要短一点的，比如 /export 上周。
export-anonymous =
    您是匿名发的，我不知道该发给谁。
    请按下面的按钮，到私聊里拿。只有群管理员拿得到。
export-start-first =
    我还不能给您发私聊。
    请按下面的按钮，再按“开始”，我就把文件发给您。
button-export-private = 到私聊里拿文件

export-column-at = 时间（{ $zone }）
export-column-kind = 事情
export-column-level = 当时的结论
export-column-category = 类型
export-column-institution = 提到的机构
export-column-admin = 是管理员
export-column-standing = 还算数
export-column-text = 短信（已遮住隐私）
export-column-domains = 网址（别点）
export-column-numbers = 电话（别打）
export-kind-check = 查短信
export-kind-report = 说是诈骗
export-kind-correction = 说不是诈骗
export-kind-undo = 撤掉一条
export-kind-complaint = 说号码不对
export-yes = 是
export-no = 否
