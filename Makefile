# make try    set up and talk to the bot in this terminal: no token, no server
# make test   set up and run lint, format, types and all tests
# make setup  create .venv, so that .venv/bin/zhendema runs
# make bench  speed, memory, load, groups (10 min; 2 GB in the temp folder)    make quality  detection measured
# make bench-likeness  looking up near copies among a million reports (minutes; 1.5 GB in the temp folder)
# make soak   20,000 updates, kills and a bad API (17 min)    make powercut what was told survives it (needs strace)
# make lock   pin the dependencies anew (needs uv)

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
LOCK := uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header

.PHONY: setup try test lint format bench bench-likeness quality soak powercut lock clean

setup: $(VENV)/.runtime

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "zhendema needs Python 3.11 or newer; install it, or run: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python3-venv is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.runtime: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

try: $(VENV)/.runtime
	@$(BIN)/python -m sandbox

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(VENV)/.dev lint
	$(BIN)/python -m pytest -n 2

bench: $(VENV)/.dev
	$(BIN)/python -m bench
	$(BIN)/python -m bench.reply
	$(BIN)/python -m bench.throughput
	$(BIN)/python -m bench.groups --many 2000000

bench-likeness: $(VENV)/.dev
	$(BIN)/python -m bench.likeness

quality: $(VENV)/.dev
	$(BIN)/python -m bench.quality

soak: $(VENV)/.dev
	$(BIN)/python -m bench.soak

powercut: $(VENV)/.dev
	$(BIN)/python -m bench.powercut

# What the image is made of is held to what the tests run on.
lock:
	$(LOCK) --extra sandbox --extra server --extra postgres --group build --group dev pyproject.toml -o requirements-dev.txt
	$(LOCK) --extra sandbox pyproject.toml -o requirements.txt
	$(LOCK) --constraint requirements-dev.txt --extra server --extra postgres pyproject.toml -o requirements-server.txt
	$(LOCK) --constraint requirements-dev.txt --group build -o requirements-build.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache dist
