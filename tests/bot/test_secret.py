import pickle
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.secret import Secret

LONG = "correct-horse-battery-staple-0123456789"


def test_the_variable_wins_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("x" * 40)
    secret = Secret.load(LONG, path)
    assert secret.key_id == Secret(LONG).key_id


@pytest.mark.parametrize("value", ["short", "x" * 31, "   " + "y" * 31 + "   "])
def test_a_short_variable_is_refused_without_showing_it(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Secret.load(value, tmp_path / "secret")
    assert "ZHENDEMA_SECRET" in str(caught.value)
    assert value.strip() not in str(caught.value)
    assert not (tmp_path / "secret").exists()


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_the_first_start_makes_a_private_file_and_the_next_reads_it(tmp_path: Path, empty: str | None) -> None:
    path = tmp_path / "state" / "secret"
    first = Secret.load(empty, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Secret.load(empty, path).key_id == first.key_id
    assert [entry.name for entry in path.parent.iterdir()] == ["secret"]


def test_processes_that_start_together_agree(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    with ThreadPoolExecutor(16) as pool:
        ids = set(pool.map(lambda _: Secret.load(None, path).key_id, range(16)))
    assert len(ids) == 1


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_file_that_others_read_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    path.write_text(LONG)
    path.chmod(mode)
    with pytest.raises(SettingsError, match=f"chmod 600 {path}"):
        Secret.load(None, path)


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff\xfe" * 40])
def test_a_spoilt_file_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError, match="secret"):
        Secret.load(None, path)
    assert path.read_bytes() == content


def test_a_folder_or_an_unwritable_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        Secret.load(None, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="ZHENDEMA_SECRET"):
        Secret.load(None, tmp_path / "file" / "secret")


def test_hashes_are_stable_short_and_apart_by_secret_and_kind() -> None:
    one, other = Secret(LONG), Secret(LONG + "!")
    hashes = [
        one.person("telegram:42"),
        one.person("telegram:43"),
        other.person("telegram:42"),
        one.text("person", "telegram:42"),
        one.text("chat", "telegram:42"),
        one.text("fingerprint", "telegram:42"),
        one.text("fingerprint", ""),
    ]
    assert len(set(hashes)) == len(hashes)
    assert all(len(value) == 22 for value in hashes)
    assert one.person("telegram:42") == Secret(LONG).person("telegram:42")
    assert one.key_id != other.key_id


def test_kind_and_value_cannot_be_shifted_into_each_other() -> None:
    secret = Secret(LONG)
    assert secret.text("a", "b/c") != secret.text("a/b", "c")


def test_it_never_shows_and_never_leaves_the_process() -> None:
    secret = Secret(LONG)
    assert LONG not in f"{secret!r} {secret} {[secret]} {secret.key_id}"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_lone_surrogates_are_hashed_too() -> None:
    assert len(Secret(LONG).text("fingerprint", "\ud83d")) == 22


def test_short_hashes_are_small_numbers_under_the_secret() -> None:
    one, other = Secret(LONG), Secret(LONG + "!")
    numbers = {one.number("band", "x"), one.number("band", "y"), one.number("other", "x"), other.number("band", "x")}
    assert len(numbers) == 4
    assert all(0 <= number < 2**48 for number in numbers)
    assert one.number("band", "x") == Secret(LONG).number("band", "x")
