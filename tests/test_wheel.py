"""The wheel alone is the whole program, from any directory and beside any other ``data`` package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCAM = "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    # An environment that cannot ask the network: the build must need nothing that is not here.
    offline = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(
        [*build, "--wheel-dir", str(folder), str(ROOT)], env=offline, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("zhendema-*.whl")
    return built


def test_it_holds_all_data_and_migrations(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    needed = {
        path.relative_to(ROOT).as_posix()
        for folder in ("bot", "handlers", "data", "sandbox")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".toml", ".tsv", ".ftl", ".json", ".mako", ".ttf", ".txt"}
    }
    assert "bot/store/migrations/versions/r0001_events.py" in needed
    assert needed - held == set()


def test_it_holds_nothing_else(wheel: Path) -> None:
    held = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in held if not name.endswith(".dist-info")} == {"bot", "handlers", "data", "sandbox"}


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
