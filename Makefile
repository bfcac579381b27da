# `make demo` and `make test` work on a bare machine that has Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2

# Each test worker computes on one thread, so that the workers do not fight for the cores.
TEST_ENV := XLA_FLAGS=--xla_cpu_multi_thread_eigen=false OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

.PHONY: demo test test-slow check format bench clean

demo: $(VENV)/base.stamp
	$(BIN)/pellucid demo

test: check
	$(TEST_ENV) $(BIN)/python -m pytest -q -n $(WORKERS) -m "not slow"

test-slow: $(VENV)/dev.stamp
	$(TEST_ENV) $(BIN)/python -m pytest -q -n $(WORKERS) -m slow

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/base.stamp
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/tuning.py

clean:
	rm -rf $(VENV) .bench dist

# The stamps say that the environment holds what pyproject.toml asks for now.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/base.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/base.stamp
