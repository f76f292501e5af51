"""What may import what, read from the source: the folders' order is kept by this test and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 500
IMPURE = {
    "sqlalchemy",
    "alembic",
    "aiosqlite",
    "asyncio",
    "time",
    "datetime",
    "random",
    "secrets",
    "uuid",
    "socket",
    "ssl",
    "http",
    "urllib",
    "httpx",
    "subprocess",
    "threading",
    "multiprocessing",
    "tempfile",
    "telegram",
}
IMPURE_NAMES = {"environ", "getenv", "getcwd", "urandom", "now", "today", "utcnow", "open", "input", "print"}
"""Attributes and calls that reach out of a pure function. Reading the data files goes by ``Path`` at load time."""


def modules(folder: str) -> Iterator[Path]:
    yield from sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class Import(NamedTuple):
    """``module`` is imported by ``by``; ``late`` where it is for type checking only."""

    by: str
    module: str


def imports(path: Path, *, typing_too: bool = True) -> set[Import]:
    """Every module that ``path`` names in an import, submodules taken from packages included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set() if typing_too else {id(node) for part in _typing_only(tree) for node in ast.walk(part)}
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports from the root"
            assert node.module
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {Import(name_of(path), module) for module in found}


def _typing_only(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            yield from node.body


def root_of(module: str) -> str:
    return module.partition(".")[0]


def offenders(folder: str, forbidden: set[str]) -> list[Import]:
    found = (entry for path in modules(folder) for entry in imports(path))
    return sorted(entry for entry in found if root_of(entry.module) in forbidden)


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("bot", {"telegram", "handlers", "api", "sandbox", "bench", "tests", "tools", "starlette", "uvicorn"}),
        ("api", {"telegram", "handlers", "sandbox", "bench", "tests", "tools", "uvicorn"}),
        ("handlers", {"sandbox", "bench", "tests", "tools"}),
        ("sandbox", {"bot", "handlers", "api", "bench", "tests", "tools"}),
    ],
)
def test_a_folder_knows_nothing_of_those_above_it(folder: str, forbidden: set[str]) -> None:
    assert list(modules(folder))
    assert offenders(folder, forbidden) == []


def test_only_the_composition_root_and_the_store_know_the_database() -> None:
    allowed = ("bot.store", "bot.service", "bot.settings", "bot.secret", "handlers.run")
    found = [
        *offenders("bot", {"sqlalchemy", "alembic"}),
        *offenders("handlers", {"sqlalchemy", "alembic"}),
        *offenders("api", {"sqlalchemy", "alembic"}),
    ]
    assert [entry for entry in found if not entry.by.startswith(allowed)] == []


def test_data_holds_no_code() -> None:
    code = [path for path in (ROOT / "data").rglob("*.py*") if "__pycache__" not in path.parts]
    assert [path.relative_to(ROOT).as_posix() for path in code] == ["data/__init__.py"]
    assert code[0].read_text(encoding="utf-8").strip() == ""


@pytest.mark.parametrize("folder", ["bot", "handlers", "api", "sandbox", "bench", "tests", "tools"])
def test_no_module_is_a_room_that_nobody_can_furnish(folder: str) -> None:
    long = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in modules(folder)}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


# ── the judge is pure ────────────────────────────────────────────────────────────────────────────────────


def reached(module: str) -> set[Path]:
    """The files of ``bot`` that ``module`` runs, itself included."""
    files = {name_of(path): path for path in modules("bot")}
    waiting, seen = [module], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in files:
            continue
        seen.add(name)
        # A module runs its packages too.
        waiting.extend(name.rsplit(".", depth)[0] for depth in range(1, name.count(".") + 1))
        waiting.extend(entry.module for entry in imports(files[name], typing_too=False))
    return {files[name] for name in seen}


JUDGING = sorted(reached("bot.judge"))


def test_the_judge_reaches_what_we_think() -> None:
    found = {path.relative_to(ROOT / "bot").as_posix() for path in JUDGING}
    assert {"fold.py", "entities/links.py", "rules/match.py", "scoring.py", "institutions/matcher.py"} <= found
    assert not any(name.startswith(("store/", "service/", "reply/")) for name in found)


@pytest.mark.parametrize("path", JUDGING, ids=[name_of(path) for path in JUDGING])
def test_judging_imports_no_clock_no_chance_and_no_network(path: Path) -> None:
    assert sorted(entry.module for entry in imports(path) if root_of(entry.module) in IMPURE) == []


@pytest.mark.parametrize("path", JUDGING, ids=[name_of(path) for path in JUDGING])
def test_judging_reaches_for_nothing_outside(path: Path) -> None:
    reads_files = {"bot.lexicon"}
    found = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in [getattr(node, "attr", None) if isinstance(node, ast.Attribute) else _called(node)]
        if name in IMPURE_NAMES
    }
    assert found <= ({"open"} if name_of(path) in reads_files else set())


def _called(node: ast.AST) -> str | None:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
