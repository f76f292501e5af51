# /trends：最近七天大家报得最多的骗局
trends-title = 📈 最近七天，大家报得最多的骗局
trends-kind = · { $category }（{ $band }报过）
trends-band-few = 不到 10 人
trends-band-tens = 10 到 49 人
trends-band-many = 50 到 199 人
trends-band-hundreds = 200 人以上
trends-example = 样子像这样（我们编的例子）：「{ $example }」
trends-advice = 怎么办：{ $advice }
trends-institution = 常冒充{ $name }。要核实，打官方电话 { $number }。
trends-institution-none = 常冒充{ $name }。要核实，打卡背面或官方 App 里的电话。
trends-more = 还有 { $count } 种，也要小心。
trends-footer =
    好几个群里有人报、报的人又够多的，才列在这里。
    私聊里报的，本人同意了才算。看不出是谁报的。
trends-none =
    📈 最近七天，还没有哪种骗局有足够多的人报过。
    这不等于没有骗子。拿不准的短信，整条发给我查。
