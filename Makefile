# Mesh Readiness. `make` alone lists what can be done.

PYTHON ?= python3
PORT   ?= 8501

VENV := .venv
BIN  := $(VENV)/bin

# What needs no database, no server and no page.
CORE := $(addprefix tests/,scoring analysis questionnaire intake charts asem test_access.py test_banned.py test_i18n.py \
	test_limits.py test_logs.py test_organisation.py test_proxies.py test_responses.py test_settings.py)

# Each stamp marks a finished install: pip runs again only when a file that it read has changed.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test check lint licences bench soak drill pins clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=$(PYTHON) makes $(VENV); PORT=$(PORT) is where the app listens. To change one: make run PORT=8600"

run: $(RUN_STAMP) ## Install, migrate the database in var/ and open the app on this machine (a new one starts with a demonstration)
	@$(BIN)/mesh-readiness db upgrade
	@$(BIN)/mesh-readiness demo --if-empty
	@exec $(BIN)/streamlit run app.py --server.port $(PORT)

test: lint ## Everything, in a real browser and on both databases, too (installs what it needs where apt-get can); half an hour
	@scripts/test $(BIN)

check: lint ## What to run before a commit: lint, and the tests of all that computes, each law a few times; about a minute
	LAWS=quick $(BIN)/pytest -n auto --dist worksteal -m "not browser" $(CORE)

lint: $(DEV_STAMP) ## Style, types, import contracts, the questionnaires, and licences and advisories of what is installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/mesh-readiness questionnaires check
	$(BIN)/python -m tests.dependencies

licences: $(DEV_STAMP) ## Write docs/licences.md anew, from what is installed
	$(BIN)/python -m tests.dependencies --write

bench: $(DEV_STAMP) ## Time scoring against pandas, polars and DuckDB, saves, clicks, a large overview, and 200 people at once on both databases; a table, and bench.json in build/ (ten minutes; let the machine rest)
	@scripts/ensure-chromium || true
	@scripts/ensure-postgres || true
	@$(BIN)/python -m tests.benchmarks --out build/bench.json

soak: $(DEV_STAMP) ## Kill processes and servers while forty people save; counts what was lost (ten minutes)
	@scripts/ensure-postgres
	@$(BIN)/python -m tests.soak

drill: $(DEV_STAMP) ## Kill one of two processes while twenty people answer through nginx; counts what was lost (two minutes)
	@scripts/ensure-postgres
	@scripts/ensure-nginx
	@$(BIN)/python -m tests.drill

pins: ## Renew constraints*.txt (KEEP=1: keep today's versions, only add or drop what pyproject.toml asks for)
	@scripts/pins "$(PYTHON)" "$(KEEP)"

clean: ## Remove what can be made again; never var/, which holds your data
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis test-results
	find . -type d -name __pycache__ -not -path './var/*' -prune -exec rm -rf {} +

$(BIN)/python:
	@scripts/make-venv "$(PYTHON)" $(VENV)

$(RUN_STAMP): $(BIN)/python constraints.txt pyproject.toml
	$(call install,constraints.txt)
	@touch $@

# The test extras hold everything that `make run` needs, in the same versions.
$(DEV_STAMP): $(BIN)/python constraints-dev.txt pyproject.toml
	$(call install,constraints-dev.txt)
	@touch $@ $(RUN_STAMP)

define install
	@echo "Installing $(1) into $(VENV): about a minute the first time ..."
	@$(BIN)/python -m pip install --quiet --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
endef
