# `make demo` and `make test` need Python >= 3.11 and make; both set up .venv themselves.
# PYTHON=... chooses the interpreter to make it with.

.DEFAULT_GOAL := help
.PHONY: help demo test fix bench soak compat compat-suite compatibility test-sandbox test-api test-models test-browser fuzz
.PHONY: docs test-pythons test-newest update audit dist release setup clean

export PYTHON
run := .venv/bin/python

help:
	@echo 'make demo     watch an assistant answer, call Python functions and go on (offline)'
	@echo 'make test     format, lint, types, generated files, and the tests on sync, asyncio and trio'
	@echo 'make fix      format, and write the generated files again'
	@echo 'make docs     the documents as a site, in site/'
	@echo 'make test-pythons   the tests on every supported Python that is here'
	@echo 'make test-newest    the tests with the newest packages instead of those in constraints.txt'
	@echo 'make update   write constraints.txt again, with the newest versions'
	@echo 'make audit    ask whether a version in constraints.txt has a known vulnerability'
	@echo 'make dist     build the wheel and the source distribution, twice, and look into them'
	@echo 'make release  whether everything is ready for one (RELEASING.md)'
	@echo 'make bench    the benchmarks'
	@echo 'make soak     an engine under a mixed load for an hour (MINUTES=60), and whether anything grows'
	@echo 'make compat   compare with the reference client, in an environment of its own;'
	@echo '              make compat-suite runs a part of that, its own tests'
	@echo '              make test-models asks real model servers'
	@echo 'make test-sandbox tries to break out of the sandbox of the code interpreter (a part of make test)'
	@echo 'make test-api holds the engine against its own OpenAPI document, with schemathesis'
	@echo '              make test-browser uses the playground in Chromium, which make test does where there is one'
	@echo 'make compatibility   run other clients and frameworks on the engine, and write docs/compatibility.md'
	@echo 'make fuzz     feed the client and the engine with what nobody should send; MINUTES=60 of it'
	@echo 'make clean    delete .venv and what the tools left'

demo: setup
	@$(run) examples/demo.py

test: setup
	@$(run) scripts/check.py

fix: setup
	@$(run) -m ruff check --quiet --fix . || true # what it cannot fix, `make test` tells
	@$(run) -m ruff format .
	@$(run) scripts/type_paths.py
	@$(run) scripts/unasync.py

docs: setup
	@$(run) scripts/docs_site.py

test-pythons: setup
	@$(run) scripts/pythons.py

test-newest: setup
	@$(run) scripts/pythons.py --newest

update: setup
	@$(run) scripts/constraints.py

audit: setup
	@$(run) scripts/audit.py

dist: setup
	@$(run) scripts/dist.py

release: setup
	@$(run) scripts/release.py

bench: setup
	@for program in benchmarks/*.py; do echo "== $$program"; $(run) "$$program" || exit 1; done

soak: setup
	@$(run) scripts/soak.py --minutes $(or $(MINUTES),60) --plot docs/plots/soak.svg

compat: setup
	@$(run) scripts/compat.py

compat-suite: setup
	@$(run) scripts/compat_suite.py

compatibility: setup
	@$(run) scripts/compatibility.py

test-sandbox: setup
	@$(run) -m pytest tests/sandbox tests/engine/interpreter

test-api: setup
	@$(run) scripts/test_api.py

test-models: setup
	@$(run) scripts/test_models.py

test-browser: setup
	@CI=true $(run) -m pytest -q tests/browser # on CI a missing browser fails, here too

fuzz: setup
	@$(run) scripts/fuzz.py --minutes $(or $(MINUTES),60)

setup:
	@sh scripts/setup.sh

clean:
	rm -rf .venv .venv-* .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist site *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
