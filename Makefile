# `make demo` and `make test` set up all they need on a machine that has only Python and make.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test laws kills trust audit sbom golden spark-cluster lint types contracts pages screenshots bench bench-link bench-policy bench-serve lock clean

BIN := .venv/bin
LOCK := uv pip compile --quiet --generate-hashes --no-header --no-emit-index-url --no-annotate \
	--universal --python-version 3.11

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

demo: .venv/.can-run ## Build the embedded registers into demo/lake and write demo/report.html
	@$(BIN)/fourseas demo --out demo

test: .venv/.can-test ## Run the tests in two processes, those on Spark where a Java runtime is found
	@$(BIN)/pytest -q -n 2 --dist loadfile

laws: .venv/.can-test ## Try the laws of policies on 15,750 pairs of a random policy and a case
	@$(BIN)/pytest -q --hypothesis-profile=laws tests/policy/test_laws.py

kills: .venv/.can-test ## Kill adding and building at 60 random points, and look for lost records
	@$(BIN)/pytest -q --kills=60 tests/lake/test_kill.py

trust: .venv/.can-audit ## Try faults, fuzzing, routes, hostile text, audit, wheel, verify (over an hour): PARTS="audit wheel"
	@nice $(BIN)/python -m tools.trust $(PARTS) \
		$(if $(SECONDS_OF_READER),--seconds $(SECONDS_OF_READER))

audit: .venv/.can-audit ## Ask for known holes of all locked packages; 2 where nobody can be asked
	@$(BIN)/python -m tools.trust.audit

golden: .venv/.can-test ## Write the golden tables anew, and show what differs
	@$(BIN)/python -W ignore -m tools.trust.golden

sbom: .venv/.can-run ## Write what fourseas consists of to dist/fourseas.cdx.json
	@$(BIN)/python -m tools.trust.sbom requirements.lock dist/fourseas.cdx.json

spark-cluster: .venv/.can-test ## Build a world on Spark with two executors, and compare every table
	@FOURSEAS_REQUIRE_SPARK=1 $(BIN)/pytest -q -m cluster tests/lake/test_spark_cluster.py

lint: .venv/.can-test ## Check style and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/.can-test ## Check types
	@$(BIN)/mypy

contracts: .venv/.can-test ## Check who imports whom
	@$(BIN)/lint-imports

pages: .venv/.can-test ## Write the pages of docs/ that are made from declarations
	@$(BIN)/python tools/pages.py

SIZE := 1000000

screenshots: .venv/.can-test ## Take pictures of every page for docs/observatory.md (minutes)
	@rm -rf demo/pictured && $(BIN)/fourseas demo --out demo/pictured
	@$(BIN)/python -m tools.screenshots demo/pictured/lake

bench: .venv/.can-run ## Measure each stage against its floor and peers: SIZE=27000000 STAGE=ingest MEMORY="4 GB"
	@$(BIN)/python -m benchmarks.run --size $(SIZE) $(if $(STAGE),--stage $(STAGE)) \
		$(if $(MEMORY),--memory "$(MEMORY)")

bench-link: .venv/.can-run ## Link 4,000 labeled affiliations and compare with peers (a minute)
	@$(BIN)/python -m benchmarks.link

bench-policy: .venv/.can-run ## Ask ten rules of 1 and 10 million synthetic works (minutes, 10 GB)
	@$(BIN)/python benchmarks/policy.py

bench-serve: .venv/.can-test ## Time every page, the first in Chromium, and 20 readers: MINUTES=10
	@$(BIN)/python -m benchmarks.serve --minutes $(or $(MINUTES),1)

lock: ## Resolve the three locks anew (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	@$(LOCK) --group dev --output-file requirements-dev.lock pyproject.toml
	@$(LOCK) --group build --extra models --constraint requirements-dev.lock \
		--output-file requirements.lock pyproject.toml
	@$(LOCK) --group pyproject.toml:trust --constraint requirements-dev.lock \
		--output-file requirements-trust.lock
	@for peer in benchmarks/peers/*.in; do \
		$(LOCK) --output-file "$${peer%.in}.txt" "$$peer"; done

clean: ## Remove all that was made
	rm -rf .venv demo bench dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps: what .venv is good for. The build tools come with the first lock, so that the
# second needs nothing that is not pinned.

.venv/.can-run: requirements.lock pyproject.toml scripts/set-up
	@scripts/set-up requirements.lock
	@touch $@

.venv/.can-test: .venv/.can-run requirements-dev.lock
	@scripts/set-up requirements-dev.lock
	@touch $@

.venv/.can-audit: .venv/.can-test requirements-trust.lock
	@scripts/set-up requirements-trust.lock
	@touch $@
