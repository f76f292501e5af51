# /hotline：查官方电话
hotline-title = 「{ $query }」的官方电话：
hotline-kind-title = { $kind }的官方电话：
hotline-name = { $name }
hotline-number = · { $purpose } { $number }
hotline-number-plain = · { $number }
hotline-no-number = · 没有核实过的号码。请打卡背面的电话，或在官方 App 里找。
hotline-caution = · 注意：{ $caution }
hotline-not-a-name = 「{ $query }」不是一家机构的准确名字，可能是下面几家。您用哪家就打哪家：
hotline-other = 也有叫「{ $names }」的，我没有它的号码，请在官方 App 里找。
hotline-none = 没找到「{ $query }」。请打银行卡背面的电话，或在官方 App 里找。别在网上搜电话。
hotline-more = 还有 { $count } 家没列出。请把名字写全再查。
hotline-checked = 资料整理于 2026-11，未逐一拨打，请在官方 App 再核对。
hotline-checked-weak = 有的号码来源少。资料整理于 2026-11，未逐一拨打，请在官方 App 再核对。
hotline-forged = 来电显示可以伪造：要您自己拨出去才算。
hotline-kinds =
    要哪一类的官方电话？按下面的按钮。
    也可以发“/hotline 名字”，例如“/hotline 中信”。
