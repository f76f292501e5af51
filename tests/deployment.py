"""What the files for operators say, read as their programs read them: Dockerfile, units, compose.yaml, Caddyfile."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PLACE = "/usr/local/lib/zhendema"
"""Where image and unit have the program."""


class Instruction(NamedTuple):
    """A line of the Dockerfile; ``stage`` counts from 0."""

    stage: int
    name: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as words, in the exec form or without it."""
        if self.rest.startswith("["):
            words: list[str] = json.loads(self.rest)
            return words
        return shlex.split(self.rest)


def dockerfile() -> list[Instruction]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE))
    found: list[Instruction] = []
    stage = -1
    for line in filter(None, joined.splitlines()):
        name, _, rest = line.partition(" ")
        stage += name == "FROM"
        found.append(Instruction(stage, name, rest.strip()))
    return found


def last(name: str) -> Instruction:
    """The instruction of the image itself, which is the last stage."""
    made = dockerfile()
    *_, found = (one for one in made if one.name == name and one.stage == made[-1].stage)
    return found


def image_environment() -> dict[str, str]:
    return dict(word.split("=", 1) for word in last("ENV").words)


def health_check() -> list[str]:
    words: list[str] = json.loads(last("HEALTHCHECK").rest.partition("CMD ")[2])
    return words


def copied() -> list[str]:
    """What the build takes from this folder."""
    return [
        source
        for one in dockerfile()
        if one.name == "COPY" and not one.rest.startswith("--from")
        for source in one.words[:-1]
    ]


def is_ignored(name: str) -> bool:
    """Whether .dockerignore keeps a path, relative to this folder, from the engine: the last line that fits decides."""
    parts = name.split("/")
    above = ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]
    ignored = False
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = re.escape(line.lstrip("!")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
            if any(re.fullmatch(pattern, path) for path in above):
                ignored = not line.startswith("!")
    return ignored


def context() -> list[str]:
    """The files that the engine gets and the build copies."""
    paths = [path for name in copied() for path in (ROOT / name, *(ROOT / name).rglob("*"))]
    names = (path.relative_to(ROOT).as_posix() for path in paths if path.is_file())
    return [name for name in names if not is_ignored(name)]


def unit(name: str) -> dict[str, list[str]]:
    """The settings of a unit; one that stands there twice has two values."""
    found: dict[str, list[str]] = {}
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, value = line.split("=", 1)
            found.setdefault(key, []).append(value)
    return found


def unit_environment(name: str) -> dict[str, str]:
    return dict(word.split("=", 1) for line in unit(name)["Environment"] for word in shlex.split(line))


def example(name: str) -> dict[str, str]:
    """The variables of an example of an environment file, those in comments too."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


INTERPOLATED = re.compile(r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}")


def filled(text: str, values: dict[str, str]) -> str:
    """With the variables in it, as compose fills them in."""
    return INTERPOLATED.sub(lambda match: values[match[1]], text)
