"""The program as the image has it: built from what Dockerfile copies, beside the packages that the lock names alone.

Everything is read-only to who runs it: nobody where root runs the tests, else this user after the modes were changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from deployment import PLACE, ROOT, context
from packaging.requirements import Requirement
from postgres_server import unprivileged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PIN = re.compile(r"^([a-z0-9][^\\\n]*?) \\$", re.MULTILINE)
_OFFLINE = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
"""What is built and installed here must need nothing that is not here."""


@dataclass(frozen=True)
class Installed:
    """Stands for :data:`PLACE`.

    Attributes:
        root: The environment.
        folder: Around it; new folders go there.
        runs_as: Who runs it, for ``subprocess``.
    """

    root: Path
    folder: Path
    runs_as: dict[str, Any]

    def __call__(self, words: Sequence[str]) -> list[str]:
        """A command as image or unit gives it, as it is here."""
        program, *rest = (word.replace(PLACE, str(self.root)) for word in words)
        here = self.root / "bin" / program
        return [str(here) if here.exists() else program, *rest]

    def room(self, name: str) -> Path:
        """A new folder of who runs it, nobody else's."""
        made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))
        if self.runs_as:
            os.chown(made, self.runs_as["user"], self.runs_as["group"])
        return made

    def files(self) -> dict[str, float]:
        """What there is, and when it was changed."""
        return {str(path): path.stat().st_mtime for path in self.root.rglob("*")}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in context():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [*build, "--wheel-dir", str(folder), str(source)], env=_OFFLINE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("zhendema-*.whl")
    return built


@pytest.fixture(scope="session")
def installed(wheel: Path) -> Iterator[Installed]:
    folder = Path(tempfile.mkdtemp(prefix="zhendema-installed-"))
    folder.chmod(0o755)
    runs_as = {key: value for key, value in unprivileged().items() if key != "cwd"}
    made = Installed(folder / "venv", folder, runs_as)
    try:
        _install(made, wheel)
        with _locked(made.root):
            yield made
    finally:
        shutil.rmtree(folder)


def _install(made: Installed, wheel: Path) -> None:
    subprocess.run([_python(made.runs_as), "-m", "venv", "--without-pip", str(made.root)], check=True)
    (site,) = made.root.glob("lib/python*/site-packages")
    for pin in _PIN.findall((ROOT / "requirements-server.txt").read_text(encoding="utf-8")):
        wanted = Requirement(pin)
        if wanted.marker is None or wanted.marker.evaluate():
            _copy(wanted, site)
    python = str(made.root / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", str(wheel)]
    subprocess.run(install, env=_OFFLINE, check=True)


def _python(runs_as: dict[str, Any]) -> str:
    """One that ``runs_as`` may run: ours, or the system's of the same version where ours is in root's own folder."""
    ours = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    for python in (str(ours), shutil.which(ours.name, path="/usr/local/bin:/usr/bin")):
        with suppress(OSError):
            if python and not subprocess.run([python, "-c", ""], cwd="/", check=False, **runs_as).returncode:
                return python
    pytest.skip(f"{ours.name} is root's alone")


def _copy(wanted: Requirement, site: Path) -> None:
    """What pip would install, without asking the network: this environment has the very same."""
    found = distribution(wanted.name)
    assert found.version in wanted.specifier, f"{wanted} is in the lock, {found.version} is tested: run make lock"
    assert found.files
    for file in found.files:
        if not str(file).startswith(".."):
            target = site / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(found.locate_file(file)), target)  # with its time, or what was compiled counts as stale


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Nobody may write in it, its owner included, unless that is root."""
    paths = [root, *(path for path in root.rglob("*") if not path.is_symlink())]
    modes = [path.stat().st_mode for path in paths]
    for path, mode in zip(paths, modes, strict=True):
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)
