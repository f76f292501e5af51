"""``zhendema check --jsonl``: the batch contract of docs/batch.md, line by line."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from cli_driving import COMMAND, PATIENCE, ROOT, environment, run, start

from handlers.cli import main
from handlers.cli.batch import _chunks, answer

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

SCAM = "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。"
CLEAR = "周末一起去公园走走吧，我把相机带上"
KEYS = ["id", "level", "score", "category", "institution", "evidence", "hotlines"]


def judged(row: Any, knowledge: Knowledge, number: int = 1) -> tuple[dict[str, Any], bool]:
    raw = row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()
    written, bad = answer((number, raw), knowledge)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    found: dict[str, Any] = json.loads(written)
    assert ("error" in found) is bad
    return found, bad


def error(row: Any, knowledge: Knowledge) -> str:
    found, bad = judged(row, knowledge, 7)
    assert bad
    assert found.keys() == {"id", "error"}
    said: str = found["error"]
    assert said.startswith("line 7: ")
    return said


# ── one line ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_has_all_keys_in_their_order(knowledge: Knowledge) -> None:
    found, _ = judged({"id": 1, "text": SCAM, "sender": None}, knowledge)
    assert list(found) == KEYS
    assert (found["level"], found["institution"]) == ("scam", "icbc")
    assert found["hotlines"][0]["number"] == "95588"


@pytest.mark.parametrize(
    "row_id",
    ["a-1", "", "编号", 0, -7, 3.5, 12345678901234567890, True, None, [1, {"a": None}], {"k": [1]}, "\ud800", "\u0000"],
)
def test_an_id_of_any_json_type_comes_back(row_id: object, knowledge: Knowledge) -> None:
    raw = json.dumps({"id": row_id, "text": CLEAR}).encode()
    assert judged(raw, knowledge)[0]["id"] == row_id
    assert type(judged(raw, knowledge)[0]["id"]) is type(row_id)


def test_without_an_id_it_is_null(knowledge: Knowledge) -> None:
    assert judged({"text": CLEAR}, knowledge)[0]["id"] is None


def test_further_keys_do_no_harm(knowledge: Knowledge) -> None:
    assert judged({"id": 1, "text": SCAM, "kind": "x", "fraud": True}, knowledge)[0]["level"] == "scam"


def test_the_sender_is_weighed(knowledge: Knowledge) -> None:
    text = "【工商银行】您好，您的账户有变动"
    plain = judged({"text": text}, knowledge)[0]["score"]
    assert judged({"text": text, "sender": "+85512345678"}, knowledge)[0]["score"] > plain


@pytest.mark.parametrize("before", ["", "😀😀", "帮我看看：", "\u200b\u200b", "10690001234\n"])
def test_offsets_count_characters_of_the_given_text(before: str, knowledge: Knowledge) -> None:
    text = before + SCAM
    found, _ = judged({"text": text}, knowledge)
    quoted = {text[e["start"] : e["end"]] for e in found["evidence"] if e["start"] is not None}
    assert "icbc-gx8.top" in quoted


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"not json", "not JSON"),
        (b'{"id": 1, "text": "a"', "not JSON"),
        (b'{"id": 1, "text": "a"} {}', "not JSON"),
        (b'{"id": 1, "text": "a\x00b"}', "not JSON"),
        (b"[1, 2]", "not an object"),
        (b'"text"', "not an object"),
        (b"null", "not an object"),
        (b"", "empty"),
        (b"   \r", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'{"text": "\xff"}', "not UTF-8 at byte 10"),
        ('{"text": "短信"}'.encode("gbk"), "not UTF-8"),
        ('{"text": "短信"}'.encode("utf-16"), "not UTF-8"),
        (b'{"id": NaN, "text": "a"}', "NaN"),
        (b'{"id": -Infinity, "text": "a"}', "Infinity"),
        (b'{"id": 1e999, "text": "a"}', "number"),
        (b'{"id": ' + b"9" * 5000 + b', "text": "a"}', "number"),
        (b'{"id": ' + b"[" * 100_000 + b"]" * 100_000 + b', "text": "a"}', "nested"),
    ],
    ids=range(18),
)
def test_a_line_that_is_no_row_has_no_id(raw: bytes, said: str, knowledge: Knowledge) -> None:
    assert said in error(raw, knowledge)
    assert judged(raw, knowledge)[0]["id"] is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": 5}, '"text" is missing'),
        ({"id": 5, "text": None}, '"text" is missing'),
        ({"id": 5, "text": 12345}, '"text" is missing or no string'),
        ({"id": 5, "text": ["a"]}, '"text" is missing or no string'),
        ({"id": 5, "text": "a", "sender": 10086}, '"sender" is no string'),
        ({"id": 5, "text": "a", "sender": ["a"]}, '"sender" is no string'),
    ],
)
def test_a_bad_row_keeps_its_id(row: dict[str, Any], said: str, knowledge: Knowledge) -> None:
    assert said in error(row, knowledge)
    assert judged(row, knowledge)[0]["id"] == 5


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800", "a\udfffb", "\u0000", "\ufeff", "\U0010ffff", "𠮷" * 9, "\r\n", "e\u0301"]
)
def test_odd_texts_are_judged(text: str, knowledge: Knowledge) -> None:
    assert judged(json.dumps({"id": 1, "text": text}).encode(), knowledge)[0]["level"] == "clear"


def test_a_byte_order_mark_and_dos_line_ends_do_no_harm(knowledge: Knowledge) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps({"id": 1, "text": SCAM}).encode() + b"\r\n"
    assert judged(raw, knowledge)[0]["level"] == "scam"


def test_a_huge_line_is_judged(knowledge: Knowledge) -> None:
    assert judged({"id": 1, "text": CLEAR * 3000 + SCAM}, knowledge)[0]["level"] == "scam"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "given",
    [b"", b"a", b"a\n", b"a\nb", b"\n\n", b"a\r\n\nb\n", b"x" * 200_000 + b"\ny\n", b"\n".join([b"z"] * 1000)],
    ids=range(8),
)
def test_chunks_are_the_lines_of_the_file(given: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(given)
    with path.open("rb", buffering=0) as raw:
        read = [line for chunk in _chunks(raw) for line in chunk]
    with path.open("rb") as lines:
        assert read == [(number, line.rstrip(b"\n")) for number, line in enumerate(lines, 1)]


@pytest.mark.parametrize("name", ["gone.jsonl", "."])
def test_a_file_that_cannot_be_read_is_one_clear_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--jsonl", str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"zhendema: cannot read {tmp_path / name}: ")
    assert said.err.count("\n") == 1


# ── as another process ───────────────────────────────────────────────────────────────────────────────────

LINES = [
    *(json.dumps({"id": number, "text": SCAM if number % 3 else CLEAR}).encode() for number in range(300)),
    b"broken",
    b'{"id": "x", "text": 1}',
    json.dumps({"id": "last", "text": SCAM}).encode(),
]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("batch") / "rows.jsonl"
    path.write_bytes(b"\n".join(LINES))
    return path


def test_order_is_kept_bad_lines_are_answered_in_place_and_jobs_change_nothing(rows: Path) -> None:
    ended = run("check", "--jsonl", str(rows))
    assert (ended.status, ended.err) == (1, "")
    found = [json.loads(line) for line in ended.out.splitlines()]
    assert [row["id"] for row in found] == [*range(300), None, "x", "last"]
    assert [row["error"][:9] for row in found if "error" in row] == ["line 301:", "line 302:"]
    assert found[-1]["level"] == "scam"
    assert run("check", "--jsonl", "--jobs", "2", given=b"\n".join(LINES)) == ended


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_answer_arrives_before_the_next_line_is_written(jobs: str) -> None:
    with start("check", "--jsonl", "--jobs", jobs) as process:
        assert process.stdin
        assert process.stdout
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": SCAM}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.write(b'{"id": "no line end", "text": "a"}')
        process.stdin.close()
        assert json.loads(process.stdout.read())["id"] == "no line end"
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("arguments", [[], ["--jobs", "2"]], ids=["file", "pipe"])
def test_a_reader_that_goes_away_is_no_error_to_speak_of(arguments: list[str], rows: Path) -> None:
    piped = bool(arguments)
    with start("check", "--jsonl", *arguments, "-" if piped else str(rows)) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        with suppress(BrokenPipeError):
            if piped:
                process.stdin.write(b"\n".join(LINES) + b"\n")
                process.stdin.flush()
            process.stdout.readline()
            process.stdout.close()
            while piped and process.poll() is None:
                process.stdin.write(LINES[0] + b"\n")
                process.stdin.flush()
        assert process.wait(PATIENCE) == 141
        assert process.stderr.read() == b""
        with suppress(BrokenPipeError):
            process.stdin.close()


def test_progress_is_shown_on_a_terminal_only(rows: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [*COMMAND, "check", "--jsonl", str(rows)],
            stdout=subprocess.PIPE,
            stderr=theirs,
            cwd=ROOT,
            env=environment(),
            timeout=PATIENCE,
            check=False,
        )
        shown = os.read(ours, 1 << 16).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert done.stdout.count(b"\n") == len(LINES)
    assert shown.endswith(f"{len(LINES)} lines done\r\n")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_is_quiet() -> None:
    import signal

    with start("check", "--jsonl", "--jobs", "2", start_new_session=True) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(json.dumps({"id": 1, "text": SCAM}).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr.read() == b""
