"""The command line: ``zhendema check``, ``run``, ``api``, ``explain``, ``rules``, ``backup``, ``restore``, ``doctor``.

Commands import what they need when they are called, so that ``check`` loads neither telegram nor the database.
"""

from __future__ import annotations

import argparse
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import ZhendemaError

if TYPE_CHECKING:
    from collections.abc import Sequence

USAGE_ERROR = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command named in ``argv``; the exit status."""
    arguments = _parser().parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that lacks a character shows a question mark, not a traceback.
        sys.stdout.reconfigure(errors="replace")
    try:
        status: int = arguments.run(arguments)
        sys.stdout.flush()
    except ZhendemaError as error:
        print(f"zhendema: {error}", file=sys.stderr)  # noqa: T201
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (head, less) went away; say nothing more, not even while Python closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhendema", description="真的吗: is this SMS real? / 这条短信是真的吗？")
    parser.add_argument("--version", action="version", version=f"zhendema {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    _add_rule_tools(commands)
    run = commands.add_parser(
        "run",
        help="run the Telegram bot (settings come from ZHENDEMA_… variables)",
        description="Takes messages from Telegram, by polling or webhook, until stopped. Settings: see README.md.",
    )
    run.set_defaults(run=_run)
    api = commands.add_parser(
        "api",
        help="serve the HTTP API alone, without Telegram",
        description="Answers POST /v1/check until stopped. No token is needed. Settings: see docs/http-api.md.",
    )
    api.set_defaults(run=_api)
    _add_care(commands)
    return parser


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="judge one SMS, or many as JSON lines",
        description="Judges one SMS given as TEXT or on standard input and prints the reply that the chat gives; "
        "with --jsonl judges many. No token, database or network is needed.",
    )
    check.add_argument(
        "input",
        nargs="?",
        metavar="TEXT|FILE",
        help="the SMS; with --jsonl a file, or - for standard input (the default)",
    )
    check.add_argument("--sender", metavar="NUMBER", help="the number or name that the phone showed")
    form = check.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object instead of the reply")
    form.add_argument(
        "--jsonl",
        action="store_true",
        help='read one {"id", "text", "sender"?} a line and write one verdict a line, in the same order',
    )
    check.add_argument(
        "--jobs", type=_positive, default=1, metavar="N", help="with --jsonl: judge in N processes (default 1)"
    )
    check.set_defaults(run=_check)


def _add_rule_tools(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    explain = commands.add_parser(
        "explain",
        help="show how one SMS is read and judged, sign by sign",
        description="Shows folded text, tokens, entities, claims, every sign that fired or nearly fired, and the sum.",
    )
    explain.add_argument("text", metavar="TEXT", help="the SMS, or - for standard input")
    explain.add_argument("--sender", metavar="NUMBER", help="the number or name that the phone showed")
    explain.set_defaults(run=_explain)
    rules = commands.add_parser("rules", help="work on rule files").add_subparsers(required=True, metavar="COMMAND")
    test = rules.add_parser(
        "test",
        help="test one rule file",
        description="Checks the file's form and judges its examples against all rules together.",
    )
    test.add_argument("file", metavar="FILE", help="a file of data/rules, or a new one")
    test.set_defaults(run=_rules_test)


def _add_care(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = commands.add_parser(
        "backup",
        help="copy the database while the bot runs",
        description="Copies the bot's record without messages, half-filled sheets and the secret. No token is needed.",
    )
    backup.add_argument(
        "file", nargs="?", metavar="FILE", help="default: zhendema-YYYYMMDD-HHMMSS.sqlite3 in this folder"
    )
    backup.set_defaults(run=_backup)
    restore = commands.add_parser(
        "restore",
        help="put a backup in place of the database while the bot is stopped",
        description="Checks the backup, keeps the present database under another name, and replaces it.",
    )
    restore.add_argument("file", metavar="FILE", help="what `zhendema backup` made")
    restore.set_defaults(run=_restore)
    database = commands.add_parser("db", help="work on databases").add_subparsers(required=True, metavar="COMMAND")
    copy = database.add_parser(
        "copy",
        help="copy the record from SQLite to PostgreSQL while the bot is stopped",
        description="Copies everything into an empty database and compares both sides; goes on where it broke off.",
    )
    copy.add_argument("source", metavar="SOURCE_URL", help="like sqlite+aiosqlite:////path/zhendema.sqlite3")
    copy.add_argument(
        "target",
        nargs="?",
        metavar="TARGET_URL",
        help="like postgresql+asyncpg://user@host/database; default: ZHENDEMA_DATABASE_URL, where no list of processes "
        "shows a password",
    )
    copy.set_defaults(run=_copy)
    doctor = commands.add_parser(
        "doctor",
        help="look for what keeps the bot from working",
        description="Checks settings, token, network, database, disk, clock and data files; 1 if anything fails.",
    )
    doctor.add_argument("--offline", action="store_true", help="leave out what needs the network")
    doctor.set_defaults(run=_doctor)


def _backup(arguments: argparse.Namespace) -> int:
    from handlers.cli import care  # noqa: PLC0415

    return care.backup(os.environ, arguments.file)


def _restore(arguments: argparse.Namespace) -> int:
    from handlers.cli import care  # noqa: PLC0415

    return care.restore(os.environ, arguments.file)


def _copy(arguments: argparse.Namespace) -> int:
    from handlers.cli import db  # noqa: PLC0415

    return db.copy(os.environ, arguments.source, arguments.target)


def _doctor(arguments: argparse.Namespace) -> int:
    from handlers.cli import doctor  # noqa: PLC0415

    return doctor.run(os.environ, offline=arguments.offline)


def _explain(arguments: argparse.Namespace) -> int:
    from handlers.cli import check, explain  # noqa: PLC0415

    text = check.read_input() if arguments.text == "-" else arguments.text
    return explain.run(text, arguments.sender)


def _rules_test(arguments: argparse.Namespace) -> int:
    from handlers.cli import rules  # noqa: PLC0415

    return rules.run(arguments.file)


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 up")
    return number


def _check(arguments: argparse.Namespace) -> int:
    from handlers.cli import batch, check  # noqa: PLC0415

    if arguments.jsonl:
        if arguments.sender is not None:
            raise ZhendemaError('--sender belongs to one SMS; with --jsonl give a row its own "sender"')
        return batch.run(arguments.input or "-", arguments.jobs)
    return check.run(arguments.input, arguments.sender, as_json=arguments.json)


def _run(arguments: argparse.Namespace) -> int:
    del arguments
    from bot.settings import Settings  # noqa: PLC0415
    from handlers.run import run  # noqa: PLC0415

    return run(Settings.from_env(os.environ))


def _api(arguments: argparse.Namespace) -> int:
    del arguments
    from bot.settings import Settings  # noqa: PLC0415
    from handlers import api_only  # noqa: PLC0415
    from handlers.cli.care import NO_TOKEN  # noqa: PLC0415

    return api_only.run(Settings.from_env({**os.environ, "ZHENDEMA_TOKEN": NO_TOKEN}))
