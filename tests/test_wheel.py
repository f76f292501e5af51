"""The wheel alone is the whole program, from any directory and beside any other ``data`` package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

pytest_plugins = ["installed"]

ROOT = Path(__file__).resolve().parent.parent
SCAM = "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。"


def test_it_holds_all_data_and_migrations(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "handlers", "api", "data", "sandbox")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".toml", ".tsv", ".ftl", ".json", ".mako", ".ttf", ".txt"}
    }
    assert "bot/store/migrations/versions/r0001_events.py" in needed
    assert needed - held == set()


def test_it_holds_nothing_else(wheel: Path) -> None:
    held = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in held if not name.endswith(".dist-info")} == {"bot", "handlers", "api", "data", "sandbox"}


def test_it_names_its_command_and_carries_the_licence(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    texts = {
        name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name
    }
    assert "zhendema = handlers.cli:main" in texts["entry_points.txt"]
    assert "MIT License" in texts["LICENSE"]


def test_it_checks_from_another_directory_beside_a_decoy(wheel: Path, tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(site)
    (elsewhere / "data").mkdir(parents=True)
    (elsewhere / "data" / "__init__.py").write_text("raise ImportError('the wrong data package')\n", encoding="utf-8")
    # -P would hide the decoy, so the current directory is put in front on purpose.
    code = "import sys; sys.path.insert(0, ''); from handlers.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "check", "--json", SCAM],
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    row = json.loads(done.stdout)
    assert (row["level"], row["institution"]) == ("scam", "icbc")
