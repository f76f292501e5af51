"""The tree as somebody else gets it: no path of ours, pinned requirements, documents that tell the truth."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot import __version__

ROOT = Path(__file__).resolve().parent.parent
OWN = re.compile(r"(?<![\w./])/(?:work|root|opt)/|(?<![\w./])/home/(?!someone\b)[a-z]|/tmp/uvenv")
HOSTS = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.tuna|mirrors?\.[a-z]+\.(?:com|edu|org)|--(?:extra-)?index-url|--find-links"
)
PLACEHOLDER = re.compile(r"[<>…*{}]|^\.venv/|^https?://")
MARKDOWN = sorted(path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
REQUIREMENTS = {
    "requirements.txt": ["sandbox"],
    "requirements-server.txt": ["server", "postgres"],
    "requirements-build.txt": [],
    "requirements-dev.txt": ["sandbox", "server", "postgres"],
}
"""With the extras that each pins."""


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("no git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_path_of_a_machine_and_no_registry_is_committed() -> None:
    found: list[str] = []
    for path in committed():
        if path == Path(__file__).resolve():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in (OWN.search(text), HOSTS.search(text)) if hit]
    assert found == []


def test_nothing_bulky_is_committed() -> None:
    # The one font: without it there is no picture, and a smaller one would lack somebody's name.
    large = {path.name: path.stat().st_size for path in committed() if path.stat().st_size > 1_000_000}
    assert large.keys() <= {"wqy-microhei.ttf"}
    assert max(large.values(), default=0) < 3_500_000


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_pinned_with_hashes_and_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.split(r"\n(?=[a-z0-9])", re.sub(r"\s*#.*", "", text).strip(), flags=re.IGNORECASE)
    assert pins
    for pin in pins:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", pin), pin
        assert "--hash=sha256:" in pin, pin


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_dependency_is_pinned(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras, groups = project["project"]["optional-dependencies"], project["dependency-groups"]
    wanted = [entry for extra in REQUIREMENTS[name] for entry in extras[extra]]
    if name == "requirements-build.txt":
        wanted += groups["build"]
    else:
        wanted += project["project"]["dependencies"]
    if name == "requirements-dev.txt":
        wanted += [*groups["build"], *groups["dev"]]
    pinned = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    plain = {re.sub(r"[._]", "-", pin.lower()) for pin in pinned}
    names = {re.sub(r"[._]", "-", re.split(r"[\[<>=!~; ]", entry)[0].lower()) for entry in wanted}
    assert names <= plain


def test_the_changelog_knows_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    assert versions[0] == __version__


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", MARKDOWN, ids=[path.name for path in MARKDOWN])
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    gone = [
        target
        for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", text)
        if not target.startswith(("http:", "https:", "mailto:")) and not (path.parent / target).exists()
    ]
    assert gone == []


@pytest.mark.parametrize("path", MARKDOWN, ids=[path.name for path in MARKDOWN])
def test_files_that_are_named_exist(path: Path) -> None:
    """``bot/judge.py`` in back-ticks, or docs/rules.md in running text."""
    text = path.read_text(encoding="utf-8")
    named = {
        *re.findall(r"`((?:bot|handlers|api|data|deploy|sandbox|tests|bench|docs|tools)/[^`\s]*)`", text),
        *re.findall(r"(?<![\w/.`-])(docs/[\w/-]+\.md)", text),
    }
    gone = [name for name in named if not PLACEHOLDER.search(name) and not (ROOT / name.rstrip("/")).exists()]
    assert sorted(gone) == []


def test_make_targets_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for path in MARKDOWN for word in re.findall(r"(?:^|`)make ([a-z]+)\b", _code(path), re.MULTILINE)}
    assert named <= targets


def test_commands_that_are_named_exist() -> None:
    from handlers.cli import _parser

    known = {"check", "run", "api", "explain", "rules", "backup", "restore", "db", "doctor"}
    assert all(command in _parser().format_help() for command in known)
    named = {word for path in MARKDOWN for word in re.findall(r"zhendema ([a-z]+)\b", _code(path))}
    assert named <= known


def _code(path: Path) -> str:
    """What stands in code spans and code blocks, where a command is meant and not an English sentence."""
    text = path.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
