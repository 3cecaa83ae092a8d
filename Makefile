# The workshop. Needs make and Python 3.11 or newer; the rest is set up by the first target you run,
# in .venv and build/ and nowhere else. A second time needs no network.

PYTHON ?= python3
UV := uv==0.13.9
CUSTOMERS ?= 20000
SEED ?= 1
DAYS ?= 14

BIN := .venv/bin
READY := .venv/.ready
TMPDIR := $(CURDIR)/build/tmp

export TMPDIR
export UV_CACHE_DIR := $(CURDIR)/build/uv
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := true
export PIP_CACHE_DIR := $(CURDIR)/build/pip
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE VIRTUAL_ENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup check test torture demo journey bench bench-startup bench-purchases bench-ingest bench-demo bench-gate bench-unify bench-profiles bench-segments wheel lock clean distclean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with everything in it (the other targets do this by themselves)

check: $(READY) ## style, types, layers, and the SQL that two engines read alike
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir build/cache/import-linter
	$(BIN)/python -m klantprofiel.warehouse.subset src

test: $(READY) ## every test, docstring, README block and notebook
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --junitxml=build/test.xml

torture: $(READY) ## runs killed at any moment, again and again; takes minutes
	$(BIN)/python -m pytest -m torture tests

demo: $(READY) ## the fictional company, CUSTOMERS=20000 SEED=1 DAYS=14, in build/demo
	rm -rf build/demo
	$(BIN)/klantprofiel init build/demo
	$(BIN)/klantprofiel --project build/demo demo --customers $(CUSTOMERS) --seed $(SEED) --days $(DAYS)

journey: $(READY) ## the same way on real purchases: The Complete Journey, in build/journey
	rm -rf build/journey
	$(BIN)/klantprofiel init build/journey
	cp pipelines/complete_journey.py build/journey/pipelines/
	cp schemas/complete_journey.py build/journey/schemas/
	$(BIN)/klantprofiel --project build/journey run complete_journey --as-of 2018-01-01
	$(BIN)/klantprofiel --project build/journey overview

bench-demo: $(READY) ## the fictional company made and written, at two sizes
	$(BIN)/python -m benchmarks.demo_company

wheel: $(READY) ## the wheel, in build/wheel
	$(BIN)/python -m hatchling build --target wheel --directory build/wheel

bench: bench-startup bench-purchases bench-ingest bench-demo ## every benchmark but bench-gate, bench-unify, bench-profiles and bench-segments; results as JSON in build/bench

bench-startup: $(READY) ## how long `import klantprofiel` and `klantprofiel --help` take
	$(BIN)/python -m benchmarks.startup

bench-purchases: $(READY) ## real purchases taken in and summed up, beside bare DuckDB, at two sizes
	$(BIN)/python -m benchmarks.purchases

bench-gate: $(READY) ## ten faults and many good nights, in three companies at several sizes
	$(BIN)/python -m benchmarks.gate

bench-unify: $(READY) ## who is one customer, beside plain Splink and goldenmatch: how often right, the cost, and the same on Spark
	$(BIN)/python -m benchmarks.unify

bench-profiles: $(READY) ## profiles built, renewed and read back, and the value models beside lifetimes, at two sizes
	$(BIN)/python -m benchmarks.profiles
	$(BIN)/python -m benchmarks.value

bench-segments: $(READY) ## are segments found, and how many, beside five peers, on made-up and real customers, at two sizes
	$(BIN)/python -m benchmarks.segments

bench-ingest: $(READY) ## a CSV file taken in, judged and split, beside the floor and other ways, at two sizes
	$(BIN)/python -m benchmarks.ingest

lock: $(READY) ## renew uv.lock after a change of dependencies (needs the network)
	$(BIN)/uv lock

clean: ## throw away results and caches, except the downloaded packages
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name uv ! -name pip -exec rm -rf {} +; fi

distclean: ## throw away everything that make wrote
	rm -rf build .venv

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'make: $(PYTHON) is missing or older than 3.11. Name another one: make PYTHON=python3.12' >&2; exit 2; }
	@$(PYTHON) -c 'from ensurepip import version; import venv' 2>/dev/null || { \
		$(PYTHON) -c 'import sys; print("make: this Python has no ensurepip. Install the system package" \
		" python%d.%d-venv (Debian, Ubuntu: apt install python3-venv)." % sys.version_info[:2])' >&2; exit 2; }
	@mkdir -p '$(TMPDIR)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv sync --frozen || UV_SYSTEM_CERTS=false $(BIN)/uv sync --frozen  # a bare system has no certificates
	@touch $@
