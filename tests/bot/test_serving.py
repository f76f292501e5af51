"""Settings of whoever serves HTTP: what is taken, and a line with the mend for the rest, without its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import SettingsError
from bot.serving import Address, ApiKey, digest_of
from bot.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"
GOOD = {"ZHENDEMA_TOKEN": TOKEN, "HOME": "/home/someone"}
KEY = "hunter2" * 5
OTHER = "k" * 32


def read(**environ: str) -> Settings:
    return Settings.from_env(GOOD | environ)


def test_by_default_nothing_listens() -> None:
    found = read()
    assert (found.front, found.metrics_listen, found.webhook_url, found.api_keys) == (None, None, None, ())
    assert not found.serves
    assert found.log_format == "text"


@pytest.mark.parametrize(
    ("given", "front"),
    [
        ({"ZHENDEMA_WEBHOOK_URL": "https://bot.example.org"}, Address("127.0.0.1", 8080)),
        ({"ZHENDEMA_API_KEYS": f"a:{KEY}"}, Address("127.0.0.1", 8080)),
        ({"ZHENDEMA_LISTEN": "0.0.0.0:80"}, Address("0.0.0.0", 80)),
        ({"ZHENDEMA_LISTEN": "*:80", "ZHENDEMA_API_KEYS": f"a:{KEY}"}, Address("", 80)),
        ({"ZHENDEMA_LISTEN": "[::1]:65535"}, Address("::1", 65535)),
        ({"ZHENDEMA_LISTEN": "bot-1.local:8080"}, Address("bot-1.local", 8080)),
        ({"ZHENDEMA_METRICS_LISTEN": "127.0.0.1:9100"}, None),
    ],
)
def test_what_is_listened_on(given: dict[str, str], front: Address | None) -> None:
    found = read(**given)
    assert found.front == front
    assert found.serves


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("https://bot.example.org", "https://bot.example.org/telegram"),
        ("https://bot.example.org/", "https://bot.example.org/telegram"),
        ("https://bot.example.org:8443/hook/a-1_x", "https://bot.example.org:8443/hook/a-1_x"),
        ("https://xn--fiq228c.example/v1x/", "https://xn--fiq228c.example/v1x"),
        ("http://127.0.0.1:8080/t", "http://127.0.0.1:8080/t"),
        ("http://10.0.0.7/t", "http://10.0.0.7/t"),
        ("http://bot:8080", "http://bot:8080/telegram"),
    ],
)
def test_webhook_urls(given: str, taken: str) -> None:
    assert read(ZHENDEMA_WEBHOOK_URL=given).webhook_url == taken


def test_keys_from_variable_and_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# who may, and why\n\n one:{KEY} \ntwo-2_b:{OTHER}\n", encoding="utf-8")
    expected = (ApiKey("one", digest_of(KEY)), ApiKey("two-2_b", digest_of(OTHER)))
    assert read(ZHENDEMA_API_KEYS_FILE=str(file)).api_keys == expected
    assert read(ZHENDEMA_API_KEYS=f"one:{KEY}, two-2_b:{OTHER},").api_keys == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZHENDEMA_LISTEN", "8080"),
        ("ZHENDEMA_LISTEN", ":8080"),
        ("ZHENDEMA_LISTEN", "127.0.0.1:0"),
        ("ZHENDEMA_LISTEN", "127.0.0.1:65536"),
        ("ZHENDEMA_LISTEN", "127.0.0.1:٨٠"),
        ("ZHENDEMA_LISTEN", "::1:80"),
        ("ZHENDEMA_METRICS_LISTEN", "hunter2"),
        ("ZHENDEMA_LOG_FORMAT", "hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "bot.example.org/hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "http://bot.example.org/hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "http://8.8.8.8/hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "https://user:hunter2@bot.example.org/"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org/?hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org/#hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org:99999/hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", f"https://bot.example.org/{TOKEN}"),
        ("ZHENDEMA_WEBHOOK_URL", f"https://bot.example.org/{TOKEN.replace(':', '%3a')}"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org/{hunter2}"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org//hunter2"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org/v1/check"),
        ("ZHENDEMA_WEBHOOK_URL", "https://bot.example.org/readyz"),
        ("ZHENDEMA_WEBHOOK_URL", "https://[hunter2/"),
        ("ZHENDEMA_WEBHOOK_SECRET", "hunter2 hunter2"),
        ("ZHENDEMA_WEBHOOK_SECRET", "hunter2é"),
        ("ZHENDEMA_WEBHOOK_SECRET", "x" * 257),
        ("ZHENDEMA_API_KEYS", "hunter2"),
        ("ZHENDEMA_API_KEYS", "a:hunter2"),
        ("ZHENDEMA_API_KEYS", f"A:{KEY}"),
        ("ZHENDEMA_API_KEYS", f"a b:{KEY}"),
        ("ZHENDEMA_API_KEYS", f"a:{KEY} {KEY}"),
        ("ZHENDEMA_API_KEYS", f"a:{KEY}é"),
        ("ZHENDEMA_API_KEYS", f"a:{KEY},a:{OTHER}"),
        ("ZHENDEMA_API_KEYS", f"a:{KEY},b:{KEY}"),
        ("ZHENDEMA_API_KEYS_FILE", "/no/such/hunter2"),
        ("ZHENDEMA_API_KEYS_FILE", "/"),
        ("ZHENDEMA_API_KEYS_FILE", "/dev/null"),
    ],
)
def test_fault(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**{name: value})
    said = str(caught.value)
    assert said.startswith(name)
    assert "\n" not in said
    assert ":" in said or "must" in said
    assert "hunter2" not in said
    assert TOKEN not in said


def test_keys_in_two_places(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"a:{KEY}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="both set"):
        read(ZHENDEMA_API_KEYS_FILE=str(file), ZHENDEMA_API_KEYS=f"b:{OTHER}")


def test_repr_hides_what_is_secret() -> None:
    found = read(
        ZHENDEMA_WEBHOOK_SECRET="hunter2",
        ZHENDEMA_WEBHOOK_URL="https://bot.example.org/hunter2",
        ZHENDEMA_API_KEYS=f"a:{KEY}",
    )
    assert "hunter2" not in repr(found)
    assert repr(digest_of(KEY)) not in repr(found)
