# `make help` lists what this file can do. It needs Python 3.11 or newer, git and make; everything else is installed
# into .venv from the lock files, by hash.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
WORKERS ?= 2
ESTUARY_PORT ?= 8000
URL ?= http://127.0.0.1:$(ESTUARY_PORT)

.PHONY: help
help: ## Print each target with its line
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

.PHONY: run
run: $(VENV)/.run ## Install what is missing, then run everything in one process, with a sandbox for Stripe and mail
	@exec $(BIN)/estuary up

.PHONY: test
test: $(VENV)/.dev ## Run the tests, in parallel, on a real Postgres
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

.PHONY: slow
slow: $(VENV)/.dev ## Run the long tests: killed processes and brokers, a cluster, attacks on the edge, a restored backup
	@$(BIN)/python -m pytest -n $(WORKERS) -m slow

.PHONY: tools
tools: $(VENV)/.dev ## Install what some tests need beside Python: packages from npm, stripe-mock (Go), Chromium with chromedriver (apt)
	@devtools/install-tools

.PHONY: check
check: $(VENV)/.dev ## Lint, formatting, types, imports between services, rules of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/architecture -q

.PHONY: demo
demo: $(VENV)/.run ## Tell the main job as a story, step by step, on an instance of its own
	@exec $(BIN)/estuary demo

.PHONY: journey
journey: $(VENV)/.run ## Check every promise of the interface against a running instance (URL=..., moves its clock)
	@$(BIN)/python -m tests.journey $(URL)

.PHONY: fuzz
fuzz: $(VENV)/.dev ## Send generated requests to every endpoint of a running instance (URL=...)
	@$(BIN)/python -m tests.fuzz $(URL)

.PHONY: edge
edge: $(VENV)/.dev ## Send what one anonymous caller can to an instance of its own, and measure what others notice
	@$(BIN)/python -m tests.edge

.PHONY: storm
storm: $(VENV)/.dev ## Kill and restart an instance under load, then count what broke
	@$(BIN)/python -m tests.storm

.PHONY: walks
walks: $(VENV)/.dev ## Crash at every commit and every call to Stripe, walk at random while calls fail (WALKS=8x300), try every migration
	@ESTUARY_SWEEP=all ESTUARY_WALKS=$(WALKS) $(BIN)/python -m pytest -n $(WORKERS) --timeout=900 $(SWEPT)

WALKS ?= 8x300
SWEPT := services/payments/tests/test_crash.py services/payments/tests/test_money_table.py \
	services/payments/tests/test_walk.py services/payments/tests/test_walk_of_cards.py \
	services/payments/tests/test_stripe_fails.py services/booking/tests/test_crash.py tests/database/test_migrations.py

.PHONY: rolling
rolling: $(VENV)/.dev ## Restart every process of a cluster in turn under load, then count what clients noticed
	@$(BIN)/python -m tests.storm.rolling

.PHONY: bench
bench: $(VENV)/.dev ## Measure everything, as ratios against a limit or a peer (one alone: python -m benchmarks.<name>)
	@$(BIN)/python -m benchmarks

.PHONY: cluster
cluster: $(VENV)/.dev ## Run one process per service and kind, with gateway, sandbox and a real Kafka (REPLICAS=2)
	@exec $(BIN)/python -m devtools cluster

.PHONY: clients
clients: $(VENV)/.dev ## Generate clients/ anew: the document, the Python and the TypeScript client (needs node 20 and npm)
	@$(BIN)/python -m devtools clients

.PHONY: kafka
kafka: $(VENV)/.dev ## Run a real Kafka on this machine
	@exec $(BIN)/python -m devtools kafka

.PHONY: lock
lock: ## Resolve the dependencies anew into both lock files (needs uv; UPGRADE=--upgrade takes newer versions)
	@command -v uv >/dev/null || { echo "uv is needed: https://docs.astral.sh/uv/"; exit 1; }
	$(LOCK) --extra build --extra kms --extra dev -o requirements-dev.lock
	$(LOCK) --extra build --extra kms --constraints requirements-dev.lock -o requirements.lock

LOCK := uv pip compile pyproject.toml $(UPGRADE) --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: clean
clean: ## Remove .venv and caches; the data in .estuary stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: a later start compares two dates and installs nothing.

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "==> Installing from requirements.lock (once, about half a minute)"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.made
	@echo "==> Installing from requirements-dev.lock (once, about a minute)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "Estuary needs Python 3.11 or newer; $(PYTHON) was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Estuary needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
		echo "Name another one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments: the module ensurepip is missing."; \
		echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "==> Creating $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@
