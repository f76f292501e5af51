"""``zhendema check``: one SMS as the reply or as JSON, from the argument or from standard input."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from cli_driving import PATIENCE, ROOT, environment, run

from bot.knowledge import Knowledge
from handlers.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCAM = "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。"
KEYS = {"id", "level", "score", "category", "institution", "evidence", "hotlines"}


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch, knowledge: Knowledge) -> None:
    monkeypatch.setattr(Knowledge, "load", lambda: knowledge)


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    def give(given: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))

    return give


def test_the_reply_that_the_chat_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", SCAM]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("🔴")
    assert "95588" in printed
    assert "icbc-gx8.top" not in printed


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", SCAM]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row.keys() == KEYS
    assert (row["id"], row["level"], row["institution"]) == (None, "scam", "icbc")
    assert 0 <= row["score"] <= 1
    assert row["hotlines"][0] == {"name": "中国工商银行", "number": "95588"}
    assert {"rule", "why", "start", "end", "points"} == row["evidence"][0].keys()
    assert any(SCAM[e["start"] : e["end"]] == "icbc-gx8.top" for e in row["evidence"] if e["start"] is not None)


@pytest.mark.parametrize("arguments", [["check", "--json"], ["check", "--json", "-"]])
def test_standard_input(
    arguments: list[str], stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(f"{SCAM}\n".encode())
    assert main(arguments) == 0
    row = json.loads(capsys.readouterr().out)
    main(["check", "--json", SCAM])
    assert row == json.loads(capsys.readouterr().out)


def test_offsets_count_characters_of_what_was_given(
    stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"\ufeff\n  😀 {SCAM}"
    stdin(text.encode())
    main(["check", "--json"])
    spans = [(e["start"], e["end"]) for e in json.loads(capsys.readouterr().out)["evidence"] if e["start"] is not None]
    assert "icbc-gx8.top" in {text[start:end] for start, end in spans}


def test_input_that_is_no_utf8_is_judged_as_far_as_it_goes(
    stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(b"\xff\xfe" + SCAM.encode())
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("🔴")


def test_the_sender_is_weighed(capsys: pytest.CaptureFixture[str]) -> None:
    text = "【工商银行】您好，您的账户有变动"

    def score(*more: str) -> float:
        main(["check", "--json", *more, text])
        found: float = json.loads(capsys.readouterr().out)["score"]
        return found

    assert score("--sender", "+85512345678") > score("--sender", "95588") <= score()


@pytest.mark.parametrize("given", [[""], ["   "], ["\n"], []])
def test_no_text_is_one_clear_line(
    given: list[str], stdin: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    stdin(b"\n")
    assert main(["check", *given]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == 'zhendema: no text; write zhendema check "TEXT" or give it on standard input\n'


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["check", "--json", "--jsonl", "x"], "--json"),
        (["check", "--jsonl", "--jobs", "0"], "--jobs"),
        (["check", "--jsonl", "--jobs", "two"], "--jobs"),
        (["check", "one", "two"], "two"),
        ([], "COMMAND"),
        (["chek"], "chek"),
    ],
)
def test_a_wrong_call_names_the_option(arguments: list[str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert named in capsys.readouterr().err


def test_a_sender_for_many_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--jsonl", "--sender", "95588", "rows.jsonl"]) == 2
    assert "--sender belongs to one SMS" in capsys.readouterr().err


def test_a_terminal_that_lacks_a_character_gets_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="latin-1"))
    assert main(["check", SCAM]) == 0
    assert b"95588" in written.getvalue()


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    from bot import __version__

    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"zhendema {__version__}\n"


# ── as another process ───────────────────────────────────────────────────────────────────────────────────


def test_json_is_utf8_whatever_the_locale_and_arguments_may_be_broken() -> None:
    ended = run("check", "--json", "您的\udcff网银已过期，请登录 icbc-gx8.top 更新", PYTHONIOENCODING="ascii")
    assert (ended.status, ended.err) == (0, "")
    assert "点" in ended.out or "网址" in ended.out


IMPORTED = """
import sys, socket
def no(*_, **__): raise AssertionError("network")
socket.socket.connect = socket.getaddrinfo = no
from handlers.cli import main
status = main(["check", sys.argv[1]]), main(["check", "--jsonl", "-"])
heavy = {"telegram", "sqlalchemy", "alembic", "httpx", "aiosqlite", "starlette"}
print("imported", sorted({name.split(".")[0] for name in sys.modules} & heavy), status)
"""


def test_neither_telegram_nor_the_database_nor_the_network_is_loaded(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, SCAM],
        input=json.dumps({"id": 1, "text": SCAM}).encode(),
        capture_output=True,
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT), HOME=str(tmp_path)),
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == b""
    assert done.stdout.decode().rstrip().endswith("imported [] (0, 0)")
    assert not list(tmp_path.iterdir())
