# Every command of the project. `make` alone lists them.

BIN := .venv/bin
# Folders whose tests run with the phone's versions: nothing of the server, no browser.
MOBILE_TESTS := $(wildcard tests/client tests/shared_schema tests/vectors)

# Half of the time the tests wait, for processes and for browsers: three at a time on two cores.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test test-looks test-fast test-mobile-pins lint fmt types arch imports browser zbar bench badlink neighbours screenshots lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## start a city on this computer: server, desk and resident
	$(BIN)/misto demo

test: setup browser zbar lint types imports ## lint, types, architecture, tests, Chromium too: all but test-looks
	$(BIN)/pytest -n 3 -m "browser and not sweep"
	$(BIN)/pytest -n 3 -m "not browser and not sweep"

test-looks: setup browser zbar ## judge every screen at every size, and couriers with planted bugs: minutes
	$(BIN)/pytest -m sweep

test-fast: setup ## all tests but the browser's
	$(BIN)/pytest -n 2 -m "not browser"

test-mobile-pins: ## client and shared tests with the versions a phone gets
	@scripts/setup.sh .venv-mobile requirements/mobile.txt
	.venv-mobile/bin/pytest -n 2 -m "not browser" $(or $(MOBILE_TESTS),tests/client)

lint: setup ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

fmt: setup ## ruff: format, and mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup ## mypy, strict
	$(BIN)/mypy

arch: setup imports ## who may import whom, and the house rules
	$(BIN)/pytest tests/architecture

bench: setup ## measure
	$(BIN)/python -m benchmarks

badlink: setup ## measure a bad link between network namespaces (root): minutes
	@scripts/badlink.sh
	$(BIN)/python -m benchmarks.badlink

neighbours: setup ## neighbours find each other between network namespaces (root): a minute
	@scripts/badlink.sh
	$(BIN)/python -m benchmarks.neighbours

screenshots: setup browser ## every screen as a picture, and contact sheets, in artifacts/
	$(BIN)/python -m tests.browser.screenshots

lock: setup ## remake requirements/*.txt (newer versions: make lock UPGRADE=1)
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

clean: ## remove environments, caches, builds and the demo city
	rm -rf .venv .venv-mobile .demo artifacts build dist *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Steps of the commands above.
setup:
	@scripts/setup.sh

browser:
	@scripts/browser.sh

zbar:
	@scripts/zbar.sh

imports: setup
	$(BIN)/lint-imports
