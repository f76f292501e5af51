"""SMS of our own making for the talks in these tests, and what to look for in an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server import Message

SCAM = (
    "【中信银行】您的信用卡已逾期3天，欠款5231.20元，请尽快联系专员王先生13800138000处理，"
    "或登录 zx-pay.top/h5 缴清，否则将起诉。加微信 @wxid_abc888 #还款"
)
AMBIGUOUS = "【中信金融】您的贷款已逾期，今日必须还清，请点 http://zx-pay.top/a 处理"
CLEAR = "周末一起去公园走走吧，我把相机带上，中午在老地方吃面"
CODE = "【招商银行】您的验证码是 583920，5分钟内有效，请勿告诉他人。"
PARCEL = "您的快递丢失，请加客服微信 abc8899 办理双倍理赔，点 kd-lp.cc/x 登记银行卡"


def shows(label: str) -> Callable[[Message], bool]:
    """For ``wait_for``: a message with this button."""
    return lambda message: message.button(label) is not None


def data_of(message: Message, label: str) -> str:
    """The callback data of a button."""
    button = message.button(label)
    assert button is not None
    assert button.data is not None
    return button.data
