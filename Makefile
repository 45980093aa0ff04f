# Everything works on a fresh machine with Python 3.11+ and make; the first call sets up .venv from the hashed
# locks, later ones start at once. Nothing is installed outside this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= config

.PHONY: help run demo check test lint types imports unit kill-loop workers-loop lock clean

help:
	@echo "make run      watch the feeds of config/ (set-up included)"
	@echo "make demo     see alerts within seconds, no network needed"
	@echo "make check    validate the config and run its example headlines"
	@echo "make test     format, lint, types, imports and all tests (set-up included)"
	@echo "              alone: make lint, make types, make imports, make unit"
	@echo "make kill-loop   200 kills of the real daemon (CI runs 60)"
	@echo "make workers-loop   200 kills of four workers on PostgreSQL (CI runs 5)"
	@echo "make lock     renew the pinned, hashed requirements (needs uv)"

run: $(VENV)/.run
	@$(BIN)/claimwatch run --config $(CONFIG)

demo: $(VENV)/.run
	@$(BIN)/claimwatch demo

check: $(VENV)/.run
	@$(BIN)/claimwatch check --config $(CONFIG)

test: lint types imports unit

lint: $(VENV)/.dev
	$(BIN)/ruff format --check src tests
	$(BIN)/ruff check src tests

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest -n 4

kill-loop: $(VENV)/.dev
	CLAIMWATCH_KILLS=200 $(BIN)/pytest -p no:randomly tests/acceptance/test_kills.py -s

workers-loop: $(VENV)/.dev
	CLAIMWATCH_WORKER_KILLS=200 CLAIMWATCH_WORKER_ITEMS=2000 \
		$(BIN)/pytest -p no:randomly tests/acceptance/test_workers.py -k killed -s

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "claimwatch needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing: on Debian and Ubuntu install python3-venv."; exit 1; }

$(VENV)/.run: $(VENV)/bin/python requirements.lock pyproject.toml
	@if [ ! -e $(VENV)/.dev ]; then echo "setting up (once, about half a minute) ..." >&2; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	@echo "setting up for development (once, about a minute) ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra build pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
