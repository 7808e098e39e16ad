# On a fresh Debian machine, as root: `make demo` shows the whole thing, `make test` proves it.

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools

.PHONY: demo test test-all check bench pins pictures lab-down venv tools root

venv: $(READY)

tools: $(TOOLS)

$(READY): pyproject.toml
	@echo "--> Preparing $(VENV) with what gatehouse runs on"
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gatehouse needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	@{ python3 -c 'import ensurepip' && git --version; } >/dev/null 2>&1 || $(MAKE) --no-print-directory packages
	@python3 -m venv $(VENV)
	$(call install,.)
	@touch $@

$(TOOLS): $(READY) pyproject.toml
	@echo "--> Adding what tests, the lab and the demo need"
	$(call install,.[dev])
	@touch $@

# pip's own words, but for what is there already; whatever it refuses is told by itself.
define install
	@bash -euo pipefail -c '$(VENV)/bin/pip install --disable-pip-version-check --progress-bar off "$(1)" \
	  | sed -un "s/^Collecting \([^ ]*\).*/    \1/p; s/^Installing collected packages:.*/--> Installing/p"'
	@rm -rf build *.egg-info
endef

.PHONY: packages
packages:
	@[ "$$(id -u)" = 0 ] || { echo "Install git and python3-venv first: sudo apt-get install git python3-venv" >&2; exit 1; }
	@apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y git python3-venv > /dev/null

root:
	@[ "$$(id -u)" = 0 ] || { echo "This boots servers and so needs root: run it as root, or with sudo." >&2; exit 1; }

demo: root tools
	@$(PYTHON) -m tests.demonstrate

check: tools
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/pytest -q -n 2 -m "not lab"

# Tests on servers wait a good part of their time: of two cores, four workers leave less unused.
test: root check
	@$(VENV)/bin/pytest -q -n 4 --dist loadgroup -m "lab and not slow"

test-all: root check
	@$(VENV)/bin/pytest -q -n 4 --dist loadgroup -m "lab"

bench: root tools
	@$(PYTHON) -m tests.bench --debian $(or $(DEBIAN),13)

# What root installs on servers, by digests: all that a list's .in file asks for, for every Python and processor.
pins: tools
	@$(VENV)/bin/pip install --quiet --require-hashes --only-binary :all: --requirement deploys/apps/uv.txt
	@for list in deploys/apps/uv deploys/certificates/certbot; do \
	  $(VENV)/bin/uv pip compile --quiet --upgrade --universal --python-version 3.10 --only-binary :all: \
	    --generate-hashes --annotation-style line --custom-compile-command "make pins" \
	    --output-file $$list.txt $$list.in || exit 1; \
	done

pictures: root tools
	@$(PYTHON) -m tests.pictures

lab-down: root tools
	@$(PYTHON) -m tests.lab down --images
