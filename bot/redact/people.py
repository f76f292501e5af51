"""Names, addresses and licence plates, by how Chinese SMS write them (both scripts)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Mask(NamedTuple):
    """Part of a text and what replaces it."""

    start: int
    end: int
    shown: str

    def moved(self, by: int) -> Mask:
        """The same mask in a longer text."""
        return Mask(self.start + by, self.end + by, self.shown)


NAME, ADDRESS, PLATE = "某某", "[地址]", "[车牌]"

# The surnames of all but a few per cent of people, in both scripts.
_SURNAMES = (
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭肖程曹袁邓鄧许許傅"
    "沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱"
    "秦江史顾顧侯邵孟龙龍万萬段漕钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦蘆季"
    "俞章鲁魯葛伍韦韋申尤毕畢聂聶丛叢焦向柳邢路岳齐齊梅莫庄莊辛管祝左涂谷祁时時舒耿牟卜詹关關苗凌费費纪紀靳盛童"
    "欧歐甄项項曲成游阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵閔解强強柴华華车車冉房边邊吉"
)
_COMPOUND = (
    "欧阳|歐陽|上官|司马|司馬|诸葛|諸葛|夏侯|皇甫|尉迟|尉遲|公孙|公孫|慕容|令狐|长孙|長孫|司徒|东方|東方|南宫|南宮"
)
_SURNAME = f"(?:{_COMPOUND}|[{_SURNAMES}])"
_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff]"
_GIVEN = r"[\u3400-\u4dbf\u4e00-\u9fff*＊×·]"
_TITLE = (
    "(?:先生|女士|小姐|太太|老师|老師|同学|同學|经理|經理|主任|医生|醫生|师傅|師傅|律师|律師|警官|警员|警員|法官"
    "|检察官|檢察官|专员|專員|阿姨|叔叔|总监|總監|总|總)"
)
_NAMED = rf"(?:(?!{_TITLE}){_HAN})"
"""A character of a given name: 王女士 is no name of three."""
_DEAR = "(?:尊敬的|敬爱的|敬愛的|亲爱的|親愛的|尊贵的|尊貴的|敬启|[Dd]ear )"
_LABEL = (
    "(?:姓名|户名|戶名|户主|戶主|收款人|收件人|收貨人|收货人|联系人|聯絡人|聯繫人|机主|機主|持卡人|借款人|欠款人"
    "|债务人|債務人|被告人?|原告|当事人|當事人|被执行人|被執行人|嫌疑人|承办人|承辦人|经办人|經辦人|业务员|業務員"
    "|开户名|開戶名|快递员|配送员|骑手|业主|業主|担保人|擔保人|申请人|申請人|负责人|負責人|投保人|被保险人|乘客|患者|学员)"
)
_NOT_NAMES = (
    "客户|客戶|用户|用戶|会员|會員|家长|家長|车主|車主|持卡人|顾客|顧客|旅客|乘客|市民|业主|業主|朋友|同学|同學|老师"
    "|网友|商户|商戶|卖家|买家|您|你|电话|電話|本人|手机|手機|信息|资料|資料|身份|各位|女士们|先生们|玩家|股民|学员"
    "|贵宾|貴賓|投资者|投資者|纳税人|納稅人|参保人|機主|机主|宝贝|寶貝"
)
_GENERIC = re.compile(f"(?:{_NOT_NAMES}|customer|client|member|user|friend|sir|madam|all)$", re.IGNORECASE)
_ENDS = rf"(?:{_TITLE}|您好|你好|[您你的于在已因与，,。.:：;；!！、）)\s]|$)"

_NAMES = tuple(
    re.compile(pattern)
    for pattern in (
        # 尊敬的张三先生, 亲爱的李四: whatever the name is
        rf"{_DEAR}\s?(?P<name>[A-Za-z]{{1,15}}(?: [A-Za-z]{{1,15}}){{0,2}}|{_GIVEN}{{1,10}}?)\s?{_ENDS}",
        # 王女士, 张*三先生
        rf"(?P<name>{_SURNAME}{_GIVEN}{{0,2}}?)\s?(?={_TITLE})",
        rf"(?P<name>{_GIVEN}{{0,2}}[*＊×]{_GIVEN}{{0,2}})\s?(?={_TITLE}|[，,]?\s?[您你])",
        # 持卡人张三, 户名：李四
        rf"{_LABEL}[:：是为為\s]{{1,2}}(?P<name>{_HAN}{{2,4}}?)(?={_ENDS})",
        rf"{_LABEL}[:：是为為\s]{{0,2}}(?P<name>{_SURNAME}{_NAMED}(?:{_NAMED}(?={_ENDS}))?)",
        rf"(?P<name>{_SURNAME}某{{1,2}})",
        # 张三您好 / 您好，张三 / 【某行】张三，您 / 我是李四
        rf"(?P<name>{_SURNAME}{_NAMED}{{1,2}}?)[，,:：\s]{{0,2}}(?:您好|你好)",
        rf"(?:您好|你好)[，,!！:：\s]{{1,2}}(?P<name>{_SURNAME}{_NAMED}{{1,2}})(?=[，,。.:：!！\s])",
        rf"(?:^|[】\]，,。!！\s])(?P<name>{_SURNAME}{_NAMED}{{1,2}}?)[，,:：\s]{{1,2}}(?=[您你])",
        rf"(?:^|[】\]])(?P<name>{_SURNAME}{_NAMED}{{1,2}}?)[，,:：]",
        rf"我(?:是|叫){_HAN}{{0,12}}?(?P<name>{_SURNAME}{_NAMED}{{1,2}}?)(?=[，,。.!！、\s]|$)",
        # …405室张三收
        rf"(?P<name>{_SURNAME}{_NAMED}{{1,2}}?)(?:亲|親|本人)?[签簽]?收(?:[，,。\s]|$)",
    )
)

_PLATE = re.compile(
    r"[京津沪滬渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊使领]"
    r"\s?[A-Za-z][·•・.\s-]?[A-Za-z0-9*]{4,6}(?:[挂学警港澳])?",
)

# A place name's characters. A preposition or verb before it ends the search to the left; without the words that
# end a level there is one way to read a line of levels, so that no text takes long.
_PLACE = r"[^\W\d_到在往至于於请請为為址寄送是您你我已与與和将將的了至省市区區县縣旗镇鎮乡鄉]"
_NUMBER = r"[0-9０-９A-Za-z一二三四五六七八九十百零〇甲乙丙丁东西南北-]{1,6}"
_DOOR = rf"(?:{_NUMBER}\s?(?:号楼|號樓|号院|号|號|栋|棟|幢|座|弄|巷|单元|單元|楼|樓|层|層|室|房|户|组|組|之\d))"
_STREET = rf"{_PLACE}{{1,8}}(?:路|街|大道|道|巷|弄|里|胡同|段)"
_ESTATE = rf"{_PLACE}{{1,10}}(?:小区|小區|社区|社區|公寓|大厦|大廈|广场|廣場|苑|村|府|城|庭|园|園)"
_LEVEL = rf"{_PLACE}{{1,7}}(?:省|市|区|區|县|縣|旗|镇|鎮|乡|鄉|街道)"
_ADDRESSES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_LEVEL}){{0,5}}{_STREET}(?:{_ESTATE})?\s?{_DOOR}(?:\s?(?:{_ESTATE})?\s?{_DOOR}){{0,5}}",
        rf"(?:{_LEVEL}){{0,5}}{_ESTATE}\s?{_DOOR}(?:\s?{_DOOR}){{0,5}}",
        rf"{_LEVEL}(?:{_LEVEL}){{1,4}}{_PLACE}{{0,10}}{_DOOR}(?:\s?{_DOOR}){{0,5}}",
        r"(?:地址|住址|送至|寄到|寄往)[:：为為是\s]{1,2}(?P<rest>[^，,。;；!！\n]{4,60})",
    )
)


def find_people(text: str) -> Iterator[Mask]:
    """What in the text could name a person; parts may overlap."""
    for pattern in _NAMES:
        for found in pattern.finditer(text):
            if not _GENERIC.search(found["name"]):
                yield Mask(*found.span("name"), NAME)
    for pattern in _ADDRESSES:
        for found in pattern.finditer(text):
            yield Mask(*found.span("rest" if "rest" in pattern.groupindex else 0), ADDRESS)
    for found in _PLATE.finditer(text):
        yield Mask(*found.span(), PLATE)
