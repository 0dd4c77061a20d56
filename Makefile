# The verbs, for people and for CI. `make help` lists them.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
MODEL ?=
RECIPE ?= cnn
DATA ?=
OUT ?= runs/$(RECIPE)
FILES ?= 20000
SEED ?= 0
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
# Answers to: which extras are installed here, and since when.
SERVE := $(VENV)/.installed-serve
DEV := $(VENV)/.installed-dev
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
WHAT_IS_INSTALLED := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.PHONY: help serve test check bench fuzz train evaluate clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /make \1\t/' | expand -t 16
	@echo 'variables:      HOST=$(HOST) PORT=$(PORT) MODEL=$(MODEL) RECIPE=$(RECIPE) OUT=$(OUT) DATA=$(DATA) PYTHON=$(PYTHON) ARGS=...'

serve: $(SERVE) ## read digits over HTTP: HOST, PORT, MODEL (a name or file; all shipped ones)
	$(BIN)/inkdigits serve --host $(HOST) --port $(PORT) $(if $(MODEL),--model $(MODEL)) $(ARGS)

test: $(DEV) ## run all tests; ARGS goes to pytest
	$(BIN)/python -m pytest $(ARGS)

check: $(DEV) ## lint, format, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(SERVE) ## time every step of the line, then load the service (needs wrk); ARGS goes to the latter
	$(BIN)/python bench/line.py $(if $(MODEL),--model $(MODEL))
	$(BIN)/python bench/service.py $(if $(MODEL),--model $(MODEL)) $(ARGS)

fuzz: $(DEV) ## read FILES hostile files made of SEED; ARGS=--http: let a server read them
	$(BIN)/python -m tests.fuzz --files $(FILES) --seed $(SEED) $(ARGS)

train: $(DEV) ## train RECIPE into OUT; ARGS goes to inkdigits train
	$(BIN)/inkdigits train --recipe $(RECIPE) --out $(OUT) $(ARGS)

evaluate: $(DEV) ## how well MODEL reads, with every mistake: DATA (a folder); ARGS as for inkdigits
	$(BIN)/inkdigits evaluate $(if $(MODEL),--model $(MODEL)) $(if $(DATA),--data $(DATA)) $(ARGS)

clean: ## remove what was built; keeps runs/
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	rm -rf src/*.egg-info
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "inkdigits needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)."; \
	  echo "Name another one: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "'$(PYTHON) -m venv' failed. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

# Serving needs no TensorFlow; the tests train a little, so they do.
$(SERVE): $(WHAT_IS_INSTALLED) | $(BIN)/python
	@echo "installing what serving needs ..."
	@$(INSTALL) -e '.[serve]'
	@touch $@

$(DEV): $(WHAT_IS_INSTALLED) | $(BIN)/python
	@echo "installing what serving, training, evaluating and testing need; TensorFlow takes a while ..."
	@$(INSTALL) -e '.[serve,heic,pdf,train,eval,dev]'
	@touch $@ $(SERVE)
