"""Settings: every fault names the variable and the mend, and shows no value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import settings as module
from bot.errors import SettingsError
from bot.service.context import Policy
from bot.settings import Settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
GOOD = {"ZHENDEMA_TOKEN": TOKEN, "HOME": "/home/someone"}


def test_defaults() -> None:
    found = Settings.from_env(GOOD)
    assert found.token == TOKEN
    assert found.api_url == "https://api.telegram.org"
    assert found.state_dir == Path("/home/someone/.local/state/zhendema")
    assert found.database_url == "sqlite+aiosqlite:////home/someone/.local/state/zhendema/zhendema.sqlite3"
    assert found.owners == frozenset()
    assert found.proxy is None
    assert found.secret is None
    assert found.log_level == "INFO"
    assert found.burst_seconds == 0.8
    assert found.companion_seconds == pytest.approx(2.0)
    assert found.policy == Policy()


def test_everything_set(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.touch()
    found = Settings.from_env(
        GOOD
        | {
            "XDG_STATE_HOME": "/var/lib/state",
            "ZHENDEMA_API_URL": "http://127.0.0.1:8081/",
            "ZHENDEMA_DATABASE_URL": "postgresql+asyncpg://u:p@db/z",
            "ZHENDEMA_OWNERS": " 42, 43 ",
            "ZHENDEMA_PROXY": "socks5://u:p@127.0.0.1:1080",
            "ZHENDEMA_SECRET": "s" * 32,
            "ZHENDEMA_LOG_LEVEL": "debug",
            "ZHENDEMA_INSTITUTIONS_OVERLAY": str(overlay),
            "ZHENDEMA_BURST_SECONDS": "0",
            "ZHENDEMA_CONFIRM_PEOPLE": "5",
            "ZHENDEMA_CONFIRM_CHATS": " 1000 ",
            "ZHENDEMA_REPORTS_PER_DAY": "1",
        }
    )
    assert found.state_dir == Path("/var/lib/state/zhendema")
    assert found.api_url == "http://127.0.0.1:8081"
    assert found.owners == {42, 43}
    assert found.log_level == "DEBUG"
    assert found.institutions_overlay == overlay
    assert found.burst_seconds == 0
    assert found.policy == Policy(people=5, chats=1000, reports_per_day=1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHENDEMA_TOKEN", ""),
        ("ZHENDEMA_TOKEN", "hunter2-not-a-token"),
        ("ZHENDEMA_TOKEN", "bot" + TOKEN),
        ("ZHENDEMA_API_URL", "api.telegram.example"),
        ("ZHENDEMA_API_URL", "ftp://x"),
        ("ZHENDEMA_API_URL", "http://x:99999"),
        ("ZHENDEMA_DATABASE_URL", "mysql://u:hunter2@db/z"),
        ("ZHENDEMA_DATABASE_URL", "/var/lib/z.sqlite3"),
        ("ZHENDEMA_OWNERS", "someone"),
        ("ZHENDEMA_OWNERS", "1;2"),
        ("ZHENDEMA_OWNERS", "-5"),
        ("ZHENDEMA_PROXY", "127.0.0.1:1080"),
        ("ZHENDEMA_PROXY", "socks4://127.0.0.1:1080"),
        ("ZHENDEMA_PROXY", "http://u:hunter2@"),
        ("ZHENDEMA_SECRET", "hunter2"),
        ("ZHENDEMA_LOG_LEVEL", "LOUD"),
        ("ZHENDEMA_INSTITUTIONS_OVERLAY", "/no/such/file.toml"),
        ("ZHENDEMA_BURST_SECONDS", "soon"),
        ("ZHENDEMA_BURST_SECONDS", "-1"),
        ("ZHENDEMA_BURST_SECONDS", "nan"),
        ("ZHENDEMA_BURST_SECONDS", "60"),
        ("ZHENDEMA_CONFIRM_PEOPLE", "2"),
        ("ZHENDEMA_CONFIRM_PEOPLE", "1001"),
        ("ZHENDEMA_CONFIRM_PEOPLE", "-3"),
        ("ZHENDEMA_CONFIRM_PEOPLE", "3.5"),
        ("ZHENDEMA_CONFIRM_PEOPLE", "hunter2"),
        ("ZHENDEMA_CONFIRM_CHATS", "1"),
        ("ZHENDEMA_CONFIRM_CHATS", "三"),
        ("ZHENDEMA_REPORTS_PER_DAY", "0"),
        ("ZHENDEMA_REPORTS_PER_DAY", "99999"),
    ],
)
def test_fault(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(GOOD | {name: value})
    said = str(caught.value)
    assert name in said
    assert "\n" not in said
    assert ":" in said or "must" in said
    assert "hunter2" not in said


def test_token_is_missing() -> None:
    with pytest.raises(SettingsError, match="ZHENDEMA_TOKEN is not set: get a token from @BotFather"):
        Settings.from_env({"HOME": "/root"})


def test_repr_hides_what_is_secret() -> None:
    found = Settings.from_env(
        GOOD
        | {
            "ZHENDEMA_SECRET": "hunter2" * 6,
            "ZHENDEMA_PROXY": "http://u:hunter2@proxy:1",
            "ZHENDEMA_DATABASE_URL": "postgresql+asyncpg://u:hunter2@db/z",
        }
    )
    assert TOKEN not in repr(found)
    assert "hunter2" not in repr(found)


def test_every_variable_is_in_the_table() -> None:
    source = Path(module.__file__).read_text(encoding="utf-8")
    table, code = source.split('"""', 2)[1:]
    assert set(re.findall(r"ZHENDEMA_[A-Z_]+", code)) == set(re.findall(r"ZHENDEMA_[A-Z_]+", table))
