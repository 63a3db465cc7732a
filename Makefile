# Two commands matter to a new reader: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
  BIN := $(VENV)/Scripts
else
  BIN := $(VENV)/bin
endif
READY := $(VENV)/.ready
JOBS ?= 2

.PHONY: setup demo test check archives bench clean

setup: $(READY)

# PYTHONNOUSERSITE and -c keep the environment the same on every machine: versions are pinned,
# addresses are not.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Second Coder needs Python 3.11 or newer; this is ' + sys.version.split()[0])"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $(READY)

# MODEL=none runs with the shortlist alone, which is much quicker.
demo: $(READY)
	$(BIN)/secondcoder demo $(if $(MODEL),--model $(MODEL))

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy tests bench
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

# What is quick: types of the program only, and no test that takes long, asks a model or opens a browser.
check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not slow and not model and not browser"

# The suite from the built archives, not from the checkout.
archives: $(READY)
	$(BIN)/python tests/archives.py

bench: $(READY)
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) dist build
