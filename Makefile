# One environment, .venv, made from the hashed lock; every target brings it up to date first.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.requirements.lock

# pyenv and the like put commands on the PATH that fail when they are run, hence the trial.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	2>/dev/null && { echo "$$name"; break; }; done)

# Jupyter must find this environment's own kernel, and nothing that the user has installed elsewhere.
JUPYTER := $(CURDIR)/$(VENV)/share/jupyter
ISOLATED := env -u PYTHONPATH -u PYTHONHOME -u JUPYTER_PATH -u JUPYTER_CONFIG_PATH \
	PYTHONNOUSERSITE=1 JUPYTER_PREFER_ENV_PATH=1 JUPYTER_NO_CONFIG=1 \
	JUPYTER_DATA_DIR=$(JUPYTER) JUPYTER_CONFIG_DIR=$(CURDIR)/$(VENV)/etc/jupyter \
	IPYTHONDIR=$(CURDIR)/$(VENV)/ipython
RUN := $(ISOLATED) $(PY)
# What JAX compiles is kept beside the packages that compiled it: tests, notebooks and the processes
# that these start train nets of few shapes, and to compile takes longer than to train them.
# Without a limit to its size (bytes) JAX takes no lock.
COMPILED := env JAX_COMPILATION_CACHE_DIR=$(CURDIR)/$(VENV)/compiled \
	JAX_COMPILATION_CACHE_MAX_SIZE=1000000000 JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0
UV := $(shell command -v uv 2>/dev/null)

.PHONY: help
help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) \
	| awk -F'|' '{ printf "%-12s %s\n", $$1, $$2 }'

.PHONY: book
book: $(STAMP)  ## Execute the notebooks and build the book (book/_build/html/index.html)
	$(COMPILED) $(RUN) book/build.py

# The tests run on JAX, as all runs do. What strangers use goes on TensorFlow beside the rest.
ON_TENSORFLOW := tests/models tests/measures
# Pages come first: what takes longest ends last where it starts last.
TESTS := book/_pages tests

.PHONY: test
test: $(STAMP)  ## Run the tests (Keras on JAX, models and measures on TensorFlow, too), and compare the executed notebooks with a second execution
	$(COMPILED) $(RUN) book/build.py --stale-pages-only
	log=$$(mktemp); \
	KERAS_BACKEND=tensorflow $(RUN) -m pytest -q -m 'not slow' $(ON_TENSORFLOW) -p no:cacheprovider >"$$log" 2>&1 & \
	tensorflow=$$!; \
	status=0; \
	TF_ENABLE_ONEDNN_OPTS=0 $(COMPILED) $(RUN) -m pytest -m 'not slow' -n 2 --dist loadfile --no-loadscope-reorder --nbval --nbval-kernel-name python3 \
		--nbval-sanitize-with tests/nbval.cfg $(TESTS) || status=$$?; \
	wait $$tensorflow || { cat "$$log"; status=1; }; \
	rm -f "$$log"; exit $$status

.PHONY: slow
slow: $(STAMP)  ## Run what the tests leave out: the data sets in full, 20 kills, the lowest versions (needs REPLICATION_DATA and a package index)
	$(COMPILED) $(RUN) -m pytest -q -m slow tests

.PHONY: chaos
chaos: $(STAMP)  ## Kill processes, damage files and type nonsense (some minutes; WRITE=1 records the counts for the book)
	$(COMPILED) $(RUN) -m tests.chaos $(if $(WRITE),--write)

.PHONY: dist
dist: $(STAMP)  ## Build the wheel and the sdist (dist/)
	$(RUN) -m hatchling build

.PHONY: lint
lint: $(STAMP)  ## Check style, format, and that no notebook holds outputs
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m pytest -q tests/test_notebooks.py

.PHONY: typecheck
typecheck: $(STAMP)  ## Check the type hints of the package
	$(RUN) -m mypy

.PHONY: verdicts
verdicts: $(STAMP)  ## Judge the paper's claims from the records
	$(RUN) -m replication verdicts

.PHONY: mutants
mutants: $(STAMP)  ## Inject known faults; the tests must catch every one
	$(COMPILED) $(RUN) tests/mutants/run.py

.PHONY: bench
bench: $(STAMP)  ## Measure the speed of training
	$(RUN) -m replication speed

.PHONY: verify
verify: $(STAMP)  ## Recompute the verdicts and retrain two small records (make verify FAST=1: without data files)
	$(RUN) -m replication verify $(if $(FAST),--fast)

.PHONY: sweep
sweep: $(STAMP)  ## Search and train what a table still needs (hours; TABLE=table2, DATASET=cifar-bw)
	$(RUN) -m replication sweep $(or $(TABLE),table1) $(if $(DATASET),--dataset $(DATASET))

.PHONY: data
data: $(STAMP)  ## Fetch and check the data sets
	$(RUN) -m replication data

.PHONY: lock
lock: $(STAMP)  ## Resolve the versions of pyproject.toml into requirements.lock
	$(VENV)/bin/uv pip compile --quiet --universal --all-extras --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

.PHONY: clean
clean:  ## Remove the environment, the executed pages and the built book
	rm -rf $(VENV) book/_build book/_pages .mypy_cache .pytest_cache .ruff_cache

# A new lock gets a new environment, so that nothing of the old one is left in it. uv installs in
# seconds what takes pip minutes; without one on the PATH, the lock's own is fetched first, and
# where that fails pip does it all. Bytecode is compiled at once: without it every process pays
# seconds to import TensorFlow. The .pth file makes the checkout importable from any folder.
$(STAMP): requirements.lock
	@[[ -n "$(PYTHON)" ]] || { echo "error: no Python 3.11, 3.12 or 3.13 runs here;" \
		"name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		2>/dev/null || { echo "error: $(PYTHON) is not a Python 3.11, 3.12 or 3.13 that runs" >&2; \
		exit 1; }
	rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV)
	@pip="$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes"; \
	uv="$(UV)"; \
	if [[ -z "$$uv" ]] && awk '/^[^ ]/ { on = /^uv==/ } on' $< > $(VENV)/uv.lock \
		&& $$pip -r $(VENV)/uv.lock; then uv=$(VENV)/bin/uv; fi; \
	echo "Installing the packages of $< into $(VENV) (0.2 to 2 minutes)"; \
	if [[ -z "$$uv" ]] || ! UV_COMPILE_BYTECODE=1 UV_SYSTEM_CERTS=1 "$$uv" pip install --quiet \
		--python $(PY) --require-hashes -r $<; then $$pip -r $<; fi
	@$(RUN) -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), \
		"checkout.pth").write_text("$(CURDIR)\n")'
	@$(RUN) -m ipykernel install --sys-prefix --name python3 --display-name "Python 3" \
		2>/dev/null
	@touch $@
