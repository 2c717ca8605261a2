# The newcomer's two commands are `make run` and `make test`. They need Python 3.11 or newer and a package registry.

SHELL := /bin/bash
VENV ?= .venv
BIN := $(VENV)/bin
# The first Python on the path that is new enough; `make run PYTHON=/path/to/python` names another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check constraints clean

help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

run: $(VENV)/.installed ## Set up what is missing, then serve on 127.0.0.1:8000
	$(BIN)/banhoi run

test: check ## Set up what is missing, then run all checks and all tests
	$(BIN)/pytest

test-fast: $(VENV)/.installed-dev ## Only the tests that take no more than a few seconds
	$(BIN)/pytest -m "not slow"

check: $(VENV)/.installed-dev ## Lint, types, the arrows between the rooms
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

constraints: $(VENV)/python-is-new-enough ## Resolve all versions anew into constraints.txt
	rm -rf $(VENV)/resolver && $(PYTHON) -m venv $(VENV)/resolver
	$(VENV)/resolver/bin/pip install -q --disable-pip-version-check ".[dev]" hatchling editables
	head -n 3 constraints.txt > $(VENV)/constraints.txt
	$(VENV)/resolver/bin/pip freeze --exclude banhoi >> $(VENV)/constraints.txt
	mv $(VENV)/constraints.txt constraints.txt && rm -rf $(VENV)/resolver

clean: ## Remove the environment and caches; var/, the data, stays
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed is noted in a file, so that a second run installs nothing.
$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/python-is-new-enough
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) hatchling editables
	$(PIP_INSTALL) --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/python-is-new-enough
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) hatchling editables
	$(PIP_INSTALL) --no-build-isolation -e ".[dev]"
	touch $(VENV)/.installed $@

$(VENV)/python-is-new-enough:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Cần Python 3.11 trở lên; hãy cài rồi chạy lại (hoặc: make run PYTHON=/đường/dẫn/python3.11)." >&2; \
	  echo "Python 3.11 or newer is needed; install it and try again (or: make run PYTHON=/path/to/python3.11)." >&2; \
	  exit 1; fi
	@mkdir -p $(VENV) && touch $@
