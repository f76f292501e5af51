"""Takes out of an SMS what could name a person, before a report of it is kept.

Safe by default: four or more digits in a row stay only if they are an institution's own number, and anything
of six or more letters and digits with a digit in it goes, whatever it is. Masking a harmless word is
cheap, keeping a name is not; what is left still tells which scam it was.

========  =============================================  ========  ===================================
[号码]    a phone number (138******34 where it is long)  [邮箱]    an e-mail address
[卡号]    a bank card or account                         [账号]    a chat account or @name
[证件号]  an ID number                                   [车牌]    a licence plate
[验证码]  a one-time code                                [地址]    an address
[编号]    an order, parcel or contract number            某某      a person's name
[数字]    any other number                               hxxp://   a link: no path, dots in brackets
========  =============================================  ========  ===================================
"""

from bot.redact.digits import mask_number
from bot.redact.text import redact

__all__ = ["mask_number", "redact"]
