# What a person or a machine runs here. `make test` is exactly what CI runs.

# PYTHON=… chooses the interpreter; otherwise the first that is new enough and can make environments.
PYTHON ?=

VENV := .venv
RUN  := $(VENV)/bin/python -m

# A hook of Git that calls make hands its repository on; a shell may hand on another Python's paths.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.PHONY: help test check tests conformance style types floors format demo bench clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 16

# With -k one failing check hides neither the others nor the tests; make still ends in failure.
test: $(VENV)/.dev ## every check and every test: what CI runs
	@$(MAKE) --no-print-directory -k style types floors tests

check: test ## the same

tests: $(VENV)/.dev ## the tests alone; ARGS='-k naming' chooses
	$(RUN) pytest -n auto --maxprocesses=8 --dist=worksteal $(ARGS)

style: $(VENV)/.dev ## ruff: rules and format
	$(RUN) ruff check --quiet
	$(RUN) ruff format --check --quiet

types: $(VENV)/.dev ## mypy, strict
	$(RUN) mypy --no-error-summary

floors: $(VENV)/.dev ## the contract of who may import whom
	@$(VENV)/bin/lint-imports --no-logo >$(VENV)/floors 2>&1 && tail -n 2 $(VENV)/floors || { cat $(VENV)/floors; exit 1; }

format: $(VENV)/.dev ## put the code into its format
	$(RUN) ruff check --fix --quiet
	$(RUN) ruff format --quiet

demo: $(VENV)/.runtime ## Draft to Published on a real Git server; ARGS='--keep --fast'
	@$(VENV)/bin/portico demo $(ARGS)

conformance: $(VENV)/.dev ## how many cases of others pass, and which we answer otherwise
	$(RUN) pytest tests/conformance --counts -n 0 --no-header -r f

bench: $(VENV)/.dev ## the measurements of benchmarks/RESULTS.md
	$(RUN) benchmarks $(ARGS)

clean: ## forget the environment and every cache
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find bot tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# One environment, filled in two steps: the demo needs no more than what a user needs.
$(VENV)/.made:
	@python=$$(.ci/find-python $(PYTHON)) && echo "Making $(VENV) with $$python" && "$$python" -m venv --clear $(VENV)
	@touch $@

$(VENV)/.runtime: pyproject.toml $(VENV)/.made
	$(RUN) pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.made
	$(RUN) pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.runtime
