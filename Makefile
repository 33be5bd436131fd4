# The commands that a person types; `make` alone lists them. Each first does what it needs of the set-up.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ARGS ?=
JOBS ?= 2

PYTHON_BIN := .venv/bin
PLATFORM := $(shell uname -s | tr A-Z a-z)-$(patsubst x86_64,amd64,$(patsubst aarch64,arm64,$(shell uname -m)))
FOUNDRY := node_modules/@foundry-rs

# The compiler and ape's data stay inside the project. The launchers of node_modules/.bin would leave orphans when they
# are killed, so that the native binaries come first.
export SOLCX_BINARY_PATH := $(CURDIR)/build/solc
export APE_DATA_FOLDER := $(CURDIR)/build/ape
NATIVE := $(foreach tool,anvil forge cast,$(FOUNDRY)/$(tool)-$(PLATFORM)/bin)
export PATH := $(subst $() ,,$(foreach folder,$(PYTHON_BIN) $(NATIVE),$(CURDIR)/$(folder):))$(PATH)

VENV := .venv/.ready
SPARK := .venv/.spark
NODE := node_modules/.ready
SOLC := build/solc/.ready

.PHONY: help
help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  ARGS goes to the command: make demo ARGS=--json, make test ARGS='-k coupon -x'."
	@echo "  JOBS is the number of test processes (2)."

# --- set-up: a stamp lies in the folder that it speaks of, and goes when the folder goes

.PHONY: setup tools
setup: tools ## virtual environment, packages, compiler, contracts
	@$(PYTHON_BIN)/python scripts/compile.py

tools: $(VENV) $(NODE) $(SOLC)

$(VENV): pyproject.toml requirements.lock
	@scripts/tools/setup.sh venv
	@touch $@

$(SPARK): $(VENV)
	@scripts/tools/setup.sh spark
	@touch $@

$(NODE): package.json package-lock.json .npmrc
	@scripts/tools/setup.sh node
	@touch $@

$(SOLC): $(NODE) scripts/tools/solc.cjs
	@scripts/tools/setup.sh solc
	@touch $@

# --- use

.PHONY: demo chain deploy
demo: setup ## play a bond's whole life on a private chain, and audit it
	@exec $(PYTHON_BIN)/indenture demo $(ARGS)

chain: setup ## start a lasting local chain, its state kept in a file
	@exec $(PYTHON_BIN)/python scripts/chain.py $(ARGS)

deploy: setup ## deploy the suite from scripts/params
	@exec $(PYTHON_BIN)/ape run deploy $(ARGS)

# --- development

.PHONY: test bench lint format format-check types snapshots clean
test: setup $(SPARK) ## the whole test suite: pytest, then forge
	@$(PYTHON_BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)
	@forge test

bench: setup ## the gas table and the throughput of the SDK
	@$(PYTHON_BIN)/python scripts/bench.py $(ARGS)

lint: setup ## rules of Python and Solidity
	@$(PYTHON_BIN)/ruff check .
	@node_modules/.bin/solhint --quiet --disc --noPoster 'contracts/**/*.sol'

format: setup ## put Python and Solidity in their form
	@$(PYTHON_BIN)/ruff format .
	@$(PYTHON_BIN)/ruff check --fix-only --quiet .
	@forge fmt

format-check: setup ## fail when `make format` would change something
	@$(PYTHON_BIN)/ruff format --check .
	@forge fmt --check

types: setup ## types of Python, strict
	@$(PYTHON_BIN)/mypy

snapshots: setup ## write artefacts, storage layout, sizes and gas again, to be reviewed
	@$(PYTHON_BIN)/python scripts/compile.py --force
	@SNAPSHOTS=update $(PYTHON_BIN)/pytest tests/gas --quiet
	@git --no-pager diff --stat -- snapshots src/indenture/_abi

clean: ## remove what was built; packages stay (.venv, node_modules)
	@rm -rf build dist .hypothesis .ruff_cache
