"""``zhendema check``: one SMS in, the reply that the chat gives or one JSON object out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import msgspec

from bot.contract import answer_of
from bot.errors import ZhendemaError
from bot.judge import judge
from bot.knowledge import Knowledge
from bot.model import Sms

if TYPE_CHECKING:
    from bot.model import Verdict


def run(text: str | None, sender: str | None, *, as_json: bool) -> int:
    """Judges ``text``, or standard input where it is None or ``-``.

    Raises:
        ZhendemaError: There is no text.
    """
    if text is None or text == "-":
        if sys.stdin.isatty():
            print("粘贴短信，最后按 Ctrl-D / Paste the SMS, then press Ctrl-D:", file=sys.stderr)  # noqa: T201
        text = read_input()
    if not text.strip():
        raise ZhendemaError('no text; write zhendema check "TEXT" or give it on standard input')
    knowledge = Knowledge.load()
    sms = Sms(text, sender)
    verdict = judge(sms, knowledge)
    if as_json:
        # Bytes, since the contract is UTF-8 whatever the terminal speaks.
        sys.stdout.buffer.write(json.dumps(as_dict(None, verdict), ensure_ascii=False).encode() + b"\n")
        return 0
    from bot.reply import compose_verdict  # noqa: PLC0415
    from bot.reply.plain import render  # noqa: PLC0415
    from bot.texts import Texts  # noqa: PLC0415

    print(render(compose_verdict(sms, verdict, Texts.load(), knowledge)))  # noqa: T201
    return 0


def read_input() -> str:
    """All of standard input; what is no UTF-8 is replaced."""
    return sys.stdin.buffer.read().decode("utf-8", errors="replace").rstrip("\n")


def as_dict(row_id: object, verdict: Verdict) -> dict[str, Any]:
    """The object of the batch contract (docs/batch.md): offsets count characters of the given text."""
    found: dict[str, Any] = msgspec.to_builtins(answer_of(row_id, verdict))
    return found
