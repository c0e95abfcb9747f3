# Two commands do everything on a fresh Debian machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# What is installed is remembered by what was asked for: a changed list, and only that, installs again.
key = $(shell cat $(1) 2>/dev/null | cksum | tr ' ' '-')
RUN_LISTS := requirements/build.txt requirements/run.txt
DEV_LISTS := requirements/build.txt requirements/dev.txt
RUN := $(VENV)/.installed-run-$(call key,$(RUN_LISTS) pyproject.toml)
DEV := $(VENV)/.installed-dev-$(call key,$(DEV_LISTS) pyproject.toml)
SYSTEM := build/.system-$(call key,requirements/system.txt)
SYSTEM_TEST := build/.system-test-$(call key,requirements/system-test.txt)
LOCK := $(shell command -v uv || echo $(BIN)/uv) pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11

.PHONY: help demo test check fix bench fuzz docs lock install system servers clean
.DELETE_ON_ERROR:

help:
	@echo "make demo    set up .venv, build the example pump, assess it, write report.html"
	@echo "make test    the whole test suite"
	@echo "make check   format, lint, types, arrows, contracts, fast tests: run it before every commit"
	@echo "make fix     let the formatter and the linter mend what they can"
	@echo "make bench   performance and accuracy      make fuzz    one target per reader"
	@echo "make docs    write the generated pages     make lock    lock the requirements again"
	@echo "make system  install the Debian packages that unpacking uses, where that is possible"
	@echo "make servers install servers that tests/real talk to: Debian may start them, so only on a machine that is thrown away"

demo: $(RUN)
	@$(BIN)/python -m compileall -q src
	@$(BIN)/python examples/build.py build
	@echo
	@$(BIN)/asepsis assess build/infusion-pump.bin --device infusion-pump -o html=report.html -o json=build/infusion-pump.json
	@echo
	@echo "The report: $(CURDIR)/report.html"
	@echo "The same pump mended: $(BIN)/asepsis assess build/infusion-pump-mended.bin --device infusion-pump -o json=build/mended.json"
	@echo "What that closed:     $(BIN)/asepsis diff build/infusion-pump.json build/mended.json"

test: $(DEV) $(SYSTEM_TEST)
	@$(BIN)/python -m compileall -q src
	$(BIN)/pytest -n auto

check: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/vulture
	$(BIN)/deptry src
	$(BIN)/pytest -n auto -m "not slow and not browser and not real"

fix: $(DEV)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(DEV)
	@for script in bench/[a-z]*.py bench/credentials/score.py; do [ ! -e "$$script" ] || $(BIN)/python "$$script" || exit 1; done

fuzz: $(DEV)
	$(BIN)/python fuzz/run.py

docs: $(RUN)
	@for script in docs/build_*.py; do $(BIN)/python "$$script" || exit 1; done

lock:
	$(LOCK) requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(LOCK) pyproject.toml --extra extract -o requirements/run.txt
	$(LOCK) pyproject.toml --extra extract --group dev -o requirements/dev.txt

install: $(RUN)

system:
	@sh requirements/install-system.sh requirements/system.txt

servers:
	@sh requirements/install-system.sh requirements/system-servers.txt

clean:
	rm -rf build report.html

$(SYSTEM):
	@mkdir -p build
	@sh requirements/install-system.sh requirements/system.txt
	@touch $@

$(SYSTEM_TEST): $(SYSTEM)
	@sh requirements/install-system.sh requirements/system-test.txt
	@touch $@

$(BIN)/pip: | $(SYSTEM)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Asepsis needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 demo"; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Install python3-venv, then try again."; exit 1; }

# The project itself is installed from this folder: edits count at once.
define install
	@echo "Installing $(notdir $(lastword $(1))) into $(VENV) ..."
	@$(BIN)/pip install --quiet --compile --require-hashes $(addprefix -r ,$(1))
	@$(BIN)/pip install --quiet --compile --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q src
	@touch $@
endef

$(RUN): | $(BIN)/pip
	$(call install,$(RUN_LISTS))

$(DEV): | $(BIN)/pip
	$(call install,$(DEV_LISTS))
