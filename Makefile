# The usual ways to work on picture-pipeline. CONTRIBUTING.md tells when to use which.
# Everything runs from .venv, which ./run.sh makes from the lock files.

.PHONY: check test format lock bench month
.DEFAULT_GOAL := check

UV ?= uv
PYTHON ?= python3
compile := $(UV) pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate

check: ## what CI runs, less its installing of system packages
	./.ci/run --installed

test: ## all tests with coverage; `./run.sh test ARGUMENTS` for some
	./run.sh test

format: ## lay out the code and mend what can be mended without thought
	./run.sh test --version
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

# Raises every package to its newest fitting version. `make lock UPGRADE=` keeps what is pinned and
# only follows pyproject.toml. The other two are held to what requirements.lock says.
UPGRADE ?= --upgrade
lock: ## the lock files, from pyproject.toml, with hashes and without addresses
	$(compile) $(UPGRADE) pyproject.toml --output-file requirements.lock
	$(compile) $(UPGRADE) pyproject.toml --extra test --constraint requirements.lock \
		--output-file requirements-test.lock
	$(compile) $(UPGRADE) pyproject.toml --extra bench --constraint requirements.lock \
		--output-file requirements-bench.lock
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		| $(compile) $(UPGRADE) - --output-file requirements-build.lock

bench: ## the figures of the README, in an environment of their own
	$(PYTHON) scripts/environment.py .venv-bench requirements-bench.lock
	.venv-bench/bin/python benchmarks $(BENCH)

ORDERS ?= 20
month: ## a simulated month with four syncs, in as many shuffled orders
	PICTURE_PIPELINE_MONTH_ORDERS=$(ORDERS) ./run.sh test tests/e2e/test_simulated_month.py
