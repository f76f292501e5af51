"""``zhendema explain`` and ``zhendema rules test``, in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.paths import DATA
from handlers.cli import main

if TYPE_CHECKING:
    from pathlib import Path

SMS = "【遠通電收】您的eTag已停用,請於今日點擊 etag-renew.top 重新認證"


def test_explain_shows_every_stage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", SMS]) == 0
    said = capsys.readouterr().out
    for part in ("folded", "tokens", "entity    links", "claims", "#link.unknown", "signs", "nearly", "sum", "verdict"):
        assert part in said
    assert "您的etag已停用" in said  # folded: Simplified and lower case
    assert "toll/" in said
    assert "verdict   scam" in said


def test_explain_names_what_kept_a_sign_out(capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "警方提醒:收到ETC停用并要求点击链接重新认证的短信都是诈骗,请勿点击。"])
    assert "kept out by" in capsys.readouterr().out


def test_rules_test_passes_the_files_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", str(DATA / "rules" / "toll.toml")]) == 0
    assert "0 faults" in capsys.readouterr().out


def test_rules_test_tells_which_example_comes_out_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "umbrella.toml"
    path.write_text(
        'about = "umbrellas"\ncategory = "other"\n[[example.scam]]\ntext = "明天下雨,记得带伞"\n', encoding="utf-8"
    )
    assert main(["rules", "test", str(path)]) == 1
    said = capsys.readouterr().out
    assert "example.scam 1 is clear" in said
    assert "write at least 4" in said


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('about = "x"\n', ("'category' is missing",)),
        ('about = "x"\ncategory = "weather"\n', ("weather", "categories.toml")),
        ("about = \n", ("line 1",)),
    ],
)
def test_rules_test_names_the_mend(
    body: str, words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.toml"
    path.write_text(body, encoding="utf-8")
    assert main(["rules", "test", str(path)]) == 2
    said = capsys.readouterr().err
    assert "broken.toml" in said
    assert all(word in said for word in words)


def test_rules_test_of_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", "nowhere.toml"]) == 2
    assert "nowhere.toml: no such file" in capsys.readouterr().err
