"""What the files and documents for operators name is there, and they agree with one another and with the program."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from deployment import (
    DEPLOY,
    INTERPOLATED,
    PLACE,
    ROOT,
    compose,
    context,
    copied,
    dockerfile,
    example,
    filled,
    image_environment,
    is_ignored,
    last,
    unit,
    unit_environment,
)

from bot import serving, settings
from handlers.cli import _parser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = ("deploy.md", "deploy.zh-CN.md")
UNITS = ("zhendema.service", "zhendema-backup.service")
IMAGES = {"python:3.11-slim", "postgres:17", "caddy:2"}
SECRETS = re.compile("TOKEN|SECRET|PASSWORD|KEYS")
BOTS = ("bot-1", "bot-2")
GIVEN = {"PATH", "XDG_STATE_HOME", "PGPASSWORD", "PYTHONDONTWRITEBYTECODE"}
"""Variables that others than the bot define."""


def known() -> set[str]:
    """The variables that the program reads."""
    return set(re.findall(r"^``(ZHENDEMA_\w+)``", settings.__doc__ or "", re.MULTILINE))


def seconds(text: str) -> int:
    return int(text.removesuffix("s"))


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def blocks(name: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", document(name), re.DOTALL | re.MULTILINE)


def rows(name: str) -> list[str]:
    return re.findall(r"^\|.*", document(name), re.MULTILINE)


# ── the image ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_lists_of_variables_are_complete() -> None:
    source = (ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    read = {node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    assert {value for value in read if re.fullmatch(r"ZHENDEMA_\w+", str(value))} == known()


def test_the_engine_gets_what_is_copied_and_nothing_else() -> None:
    assert all((ROOT / name).exists() and not is_ignored(name) for name in copied())
    assert {"pyproject.toml", "bot/settings.py", "data/fonts/LICENSE.txt"} <= set(context())
    private = (".git/config", ".env", "deploy/.env", "deploy/zhendema.env", "zhendema.sqlite3", ".venv/bin/python")
    assert all(is_ignored(name) for name in (*private, "tests/conftest.py", "bot/__pycache__/x.pyc", "bot/x.pyc"))
    kept = {name for path in ROOT.iterdir() if not is_ignored(name := path.name)}
    assert kept == set(copied())


def test_what_is_built_needs_every_copied_file() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    named = {project["project"]["readme"], *packages, "pyproject.toml", "LICENSE"}
    assert set(copied()) == named | {"requirements-build.txt", "requirements-server.txt"}


def test_everything_installed_is_held_to_its_hash() -> None:
    runs = " && ".join(one.rest for one in dockerfile() if one.name == "RUN")
    commands = [part for part in runs.split("&&") if re.search(r"\bpip\b.* (install|wheel) ", part)]
    assert len(commands) == 4
    for command in commands:
        assert "--require-hashes" in command or "--no-deps" in command
        assert "wheel --" not in command or "--no-build-isolation" in command


def test_the_image_has_no_rights_and_no_shell_around_the_bot() -> None:
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last("USER").rest)
    uid = last("USER").rest.partition(":")[0]
    made = " ".join(one.rest for one in dockerfile() if one.name == "RUN" and one.stage == 1)
    assert f"--uid {uid} " in made
    assert f"--owner={uid} " in made
    assert last("ENTRYPOINT").rest.startswith("[")
    assert last("ENTRYPOINT").words == ["zhendema"]
    assert last("CMD").rest.startswith("[")
    assert last("STOPSIGNAL").rest == "SIGTERM"


def test_the_image_names_what_there_is() -> None:
    environ = image_environment()
    assert environ.keys() <= known() | GIVEN
    assert environ["PATH"].startswith(f"{PLACE}/bin:")
    assert last("EXPOSE").words == [str(serving.address("ZHENDEMA_LISTEN", environ["ZHENDEMA_LISTEN"]).port)]
    assert f"{environ['XDG_STATE_HOME']}/zhendema" == last("WORKDIR").rest
    stages = [one for one in dockerfile() if one.name == "FROM"]
    version = next(one.rest for one in dockerfile() if one.name == "ARG").partition("=")[2]
    assert {one.rest.replace("${PYTHON}", version).removesuffix(" AS build") for one in stages} <= IMAGES


# ── compose and its proxy ────────────────────────────────────────────────────────────────────────────────────


def services() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from compose()["services"].items()


def test_every_service_has_no_more_than_it_needs() -> None:
    for name, service in services():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["restart"] == "unless-stopped"
        assert seconds(service["stop_grace_period"]) > 10
        assert ("ports" in service) == (name == "proxy")
        assert "cap_add" not in service or (name, service["cap_add"]) == ("proxy", ["NET_BIND_SERVICE"])
        assert service["image"] in IMAGES or name in BOTS


def test_no_secret_stands_in_the_file() -> None:
    found = [
        (name, value)
        for _, service in services()
        for name, value in service["environment"].items()
        if SECRETS.search(name)
    ]
    assert found
    assert all(INTERPOLATED.fullmatch(value) for _, value in found)
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert {name for name, _ in INTERPOLATED.findall(text)} == example("compose.env.example").keys()
    for file in ("compose.env.example", "zhendema.env.example"):
        assert all(not value for name, value in example(file).items() if SECRETS.search(name))


@pytest.mark.parametrize("name", [".env", "zhendema.env"])
def test_secrets_are_not_committed(name: str) -> None:
    done = subprocess.run(["git", "check-ignore", "--quiet", f"deploy/{name}"], cwd=ROOT, check=False)
    if done.returncode == 128:
        pytest.skip("no git checkout")
    assert done.returncode == 0


def test_the_replicas_are_alike_and_know_their_settings() -> None:
    found = compose()["services"]
    one, two = (found[name] for name in BOTS)
    assert one == two
    environ = one["environment"]
    assert environ.keys() <= known() | GIVEN
    assert example("zhendema.env.example").keys() <= known()
    assert not environ.keys() & example("zhendema.env.example").keys()
    assert serving.webhook_url("it", filled(environ["ZHENDEMA_WEBHOOK_URL"], {"DOMAIN": "bot.example.org"}))
    assert (ROOT / "deploy" / one["build"] / "Dockerfile").is_file()
    assert (DEPLOY / f"{one['env_file']}.example").is_file()


def test_what_services_refer_to_is_there() -> None:
    whole = compose()
    for _, service in services():
        assert set(service.get("depends_on", ())) <= whole["services"].keys()
        assert set(service["networks"]) <= whole["networks"].keys()
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source in whole["volumes"] or (DEPLOY / source).is_file(), volume
    assert whole["networks"]["inside"] == {"internal": True}
    assert whole["services"]["postgres"]["networks"] == ["inside"]
    assert "inside" not in whole["services"]["proxy"]["networks"]


def test_the_proxy_leads_to_the_replicas_doors_alone() -> None:
    text = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    environ = compose()["services"]["bot-1"]["environment"]
    port = serving.address("ZHENDEMA_LISTEN", environ["ZHENDEMA_LISTEN"]).port
    assert re.findall(r"reverse_proxy (.*) \{", text) == [" ".join(f"{name}:{port}" for name in BOTS)]
    (doors,) = re.findall(r"@doors path (.*)", text)
    hook = environ["ZHENDEMA_WEBHOOK_URL"].rpartition("/")[2]
    assert doors.split() == [f"/{hook}", "/v1/*"]
    assert re.findall(r"health_uri (\S+)", text) == ["/readyz"]
    assert set(re.findall(r"\{\$(\w+)\}", text)) == compose()["services"]["proxy"]["environment"].keys()


def test_the_database_is_made_as_it_is_used() -> None:
    text = (DEPLOY / "postgres-init.sh").read_text(encoding="utf-8")
    service = compose()["services"]["postgres"]
    assert set(re.findall(r"\\getenv \w+ (\w+)", text)) <= service["environment"].keys()
    assert {"--username=zhendema", "--dbname=zhendema"} <= set(service["healthcheck"]["test"])


# ── units ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_names_what_there_is(name: str) -> None:
    found = unit(name)
    environ = unit_environment(name)
    assert environ.keys() <= known() | GIVEN
    program, *words = found["ExecStart"][0].split()
    assert program == f"{PLACE}/bin/zhendema"
    _parser().parse_args(words)
    assert found["User"] == ["zhendema"]
    state = f"{environ['XDG_STATE_HOME']}/zhendema"
    assert found["WorkingDirectory"][0].removesuffix("/backups") == state
    assert found["WorkingDirectory"][0].removeprefix("/var/lib/") in found["StateDirectory"][0].split()
    for setting, value in {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "CapabilityBoundingSet": ""}.items():
        assert found[setting] == [value]


def test_the_unit_gives_the_bot_time_to_end_and_begins_again() -> None:
    found = unit("zhendema.service")
    assert 10 < int(found["TimeoutStopSec"][0]) <= 30
    assert found["Restart"] == ["always"]
    assert found["StartLimitIntervalSec"] == ["0"]
    limit = compose()["services"]["bot-1"]["mem_limit"]
    assert found["MemoryMax"][0].lower() == limit


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze")
    program = tmp_path / "bin" / "zhendema"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    copies = [tmp_path / name for name in (*UNITS, "zhendema-backup.timer")]
    for copy in copies:
        text = (DEPLOY / copy.name).read_text(encoding="utf-8")
        copy.write_text(text.replace(PLACE, str(tmp_path)), encoding="utf-8")
    done = subprocess.run([analyze, "verify", *copies], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if "zhendema" in line]
    assert ours == []


# ── documents ────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_languages_give_the_same_commands_tables_and_figures() -> None:
    english, chinese = DOCUMENTS
    assert blocks(english) == blocks(chinese)
    assert len(blocks(english)) == 6
    for shape in (r"^## ", r"^\|", r"^- "):
        one, two = (re.findall(shape, document(name), re.MULTILINE) for name in DOCUMENTS)
        assert one == two, shape
    some, others = (set(re.findall(r"`[^`\n]+`", document(name))) for name in DOCUMENTS)
    assert some == others
    for shape in (r"\d(?:[\d.,]*\d)?", r"\]\(([^)#]+)\)"):
        figures, same = (set(re.findall(shape, "\n".join(rows(name)))) for name in DOCUMENTS)
        assert figures == same


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_names_is_there(name: str) -> None:
    text = document(name)
    assert set(re.findall(r"\bZHENDEMA_\w+\b", text)) <= known()
    files = set(re.findall(r"(?<![\w/])deploy/[\w./-]+", text)) - {"deploy/zhendema.env"}
    assert files
    assert [file for file in files if not (ROOT / file.rstrip(".")).is_file()] == []
    code = "\n".join(blocks(name))
    in_deploy = code.partition("cd deploy\n")[2]
    for source in re.findall(r"install -m 600 (\S+)", code):
        assert (DEPLOY / source).is_file() if source in in_deploy and "/" not in source else (ROOT / source).is_file()
    assert set(re.findall(r"--requirement (\S+)", code)) <= {path.name for path in ROOT.glob("requirements*.txt")}
    assert (
        set(re.findall(r"docker compose \w+(?: (?:-T|--\S+))* ([a-z]+-?\d?)\b", code)) <= compose()["services"].keys()
    )
    assert set(re.findall(r"/usr/local/lib/\w+", code)) == {PLACE}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_ports_of_a_document_are_those_of_the_files(name: str) -> None:
    environ = compose()["services"]["bot-1"]["environment"]
    metrics = serving.address("it", environ["ZHENDEMA_METRICS_LISTEN"]).port
    front = serving.address("it", environ["ZHENDEMA_LISTEN"]).port
    assert {int(port) for port in re.findall(r"(?<=[\w.]):(\d{4,5})\b", document(name))} == {metrics, front}
    published = {int(port.partition(":")[0]) for port in compose()["services"]["proxy"]["ports"]}
    assert published == {80, 443}
    assert all(str(port) in document(name) for port in published)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_says_what_the_files_say_of_limits(name: str) -> None:
    text = document(name)
    assert str(last("USER").rest.partition(":")[0]) in text
    assert f"--stop-timeout {seconds(compose()['services']['bot-1']['stop_grace_period'])} " in text
    assert f"--memory {compose()['services']['bot-1']['mem_limit']} " in text
    (kept,) = re.findall(r"-mtime \+(\d+)", unit("zhendema-backup.service")["ExecStartPost"][0])
    assert re.search(rf"\b{kept} (?:days|天)", text)
