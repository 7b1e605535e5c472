# Everything a developer does here. `make` alone tells what there is.

.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin

.PHONY: help run test test-matrix test-all lint audit format docs pictures messages bench bench-whole clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp, so that the second time costs nothing.
.venv/.installed: requirements.txt pyproject.toml
	@.ci/venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

run: .venv/.installed  ## Start the demo: site, worker, visitors. PORT=8000, LOG_DIR=var/logs
	@exec $(BIN)/python manage.py demo

test: .venv/.installed  ## Run the tests, those of the browser beside the others; sets up Chromium and redis-server where they are missing. ARGS="-k word"
	@.ci/system chromium redis-server
	@if [ -n "$(ARGS)" ]; then exec $(BIN)/python -m pytest $(ARGS); else exec .ci/tests $(BIN)/python; fi

VERSIONS = "$$(command -v pyenv >/dev/null && ls -d "$$(pyenv root)"/versions/*/bin 2>/dev/null | tr '\n' ':')$$PATH"

test-matrix: .venv/.installed  ## Run what differs between versions: Python 3.10 to 3.13 as found, Django 5.2, 6.0, 6.1, Wagtail
	@PATH=$(VERSIONS) $(BIN)/python -m tox $(ARGS)

test-all: .venv/.installed  ## Run all tests on all of them
	@.ci/system chromium redis-server
	@PATH=$(VERSIONS) $(BIN)/python -m tox $(ARGS) -- -q

lint: .venv/.installed  ## Check style, types, the oldest Python, and the migrations
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/vermin --quiet --no-tips --violations --eval-annotations --target=3.10- logconsole project manage.py
	@$(BIN)/python manage.py makemigrations --check --dry-run

.audit-venv/.installed:
	@.ci/venv .audit-venv
	@.audit-venv/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1 "bandit[toml]==1.9.4"
	@touch $@

audit: .audit-venv/.installed  ## Look for known vulnerabilities in what is pinned, and for careless code
	@.audit-venv/bin/bandit --quiet --recursive --configfile pyproject.toml logconsole
	@.audit-venv/bin/pip-audit --requirement requirements.txt --no-deps --disable-pip

format: .venv/.installed  ## Put the code into shape
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

.docs-venv/.installed: pyproject.toml
	@.ci/venv .docs-venv
	@.docs-venv/bin/python -m pip install --quiet --disable-pip-version-check ".[docs]"
	@touch $@

docs: .docs-venv/.installed  ## Build the documentation into var/docs; a broken link is an error
	@NO_MKDOCS_2_WARNING=1 .docs-venv/bin/mkdocs build --quiet --strict --config-file docs/site/mkdocs.yml
	@echo "var/docs/index.html"

pictures: .venv/.installed  ## Take the pictures of the page for README and documentation anew
	@.ci/system chromium
	@$(BIN)/python docs/site/pictures.py

messages: .venv/.installed  ## Collect the texts of the page into the catalogues, and compile them
	@.ci/messages $(BIN)/python

bench: .venv/.installed  ## Run the benchmarks in their short form, less than five minutes; one alone: python bench/NAME.py
	@.ci/system chromium redis-server
	@.ci/bench $(BIN)/python quick

bench-whole: .venv/.installed  ## Run them as the documentation shows them; hours
	@.ci/system chromium redis-server
	@.ci/bench $(BIN)/python whole

clean:  ## Forget the virtual environments, the demo's data and all caches
	@rm -rf .venv .docs-venv .audit-venv var .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis
