# make graph   install what is needed, build graphs/seeds.* from seeds/
# make test    install what is needed (a browser too), check types and style, run every test
# make ray     install Ray too and run the tests of reading on a cluster
# make lint    types and style alone
# make audit   look for known vulnerabilities of the packages in requirements.lock, where the registry answers
# make docs    write docs/cli.md, docs/ontology.html, the outputs in README.md and its picture anew
# make quality  score what is found in the seeds and write docs/quality.md anew
# make torture  run every test of faults, load and attack at its full counts (hours) and write docs/torture.md anew
# make assets  bundle the query editor of `paperkg serve` anew from locked npm packages; nothing else needs npm
# make lock    choose the newest versions that fit and write requirements.lock anew
# make clean   remove the virtual environment and the caches

PYTHON ?= python3
BIN := .venv/bin

export PIP_DISABLE_PIP_VERSION_CHECK = 1
export DEBIAN_FRONTEND = noninteractive

.PHONY: graph test ray lint audit docs quality torture assets lock clean browser
.DELETE_ON_ERROR:

graph: .venv/installed
	$(BIN)/paperkg build seeds --out graphs --name seeds

test: lint browser w3c
	$(BIN)/python -m pytest -n 2
	$(BIN)/python benchmarks/audit.py

ray: .venv/installed
	$(BIN)/pip install --quiet --no-build-isolation --editable '.[ray]'
	$(BIN)/python -m pytest tests/extraction/test_on_ray.py

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

audit: .venv/created
	$(BIN)/python benchmarks/audit.py

docs: graph browser
	$(BIN)/python tests/cli/help_pages.py > docs/cli.md
	$(BIN)/python tests/readme_runs.py
	$(BIN)/python tests/doctor/shipped_files.py > src/paperkg/doctor/shipped.tsv
	$(BIN)/python tests/processor.py > tests/golden_processor.txt
	$(BIN)/python -c 'from paperkg.rdf.ontology import ontology_page as page; print(page(), end="")' > docs/ontology.html

quality: .venv/installed
	$(BIN)/python benchmarks/quality.py

torture: graph browser w3c
	$(BIN)/pip install --quiet 'atheris>=3.1,<4'
	$(BIN)/python benchmarks/torture --write

assets:
	cd src/paperkg/serve/editor && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

lock: .venv/created
	$(BIN)/pip install --quiet uv
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --extra fetch --extra serve --group build --group test --group lint \
	  --output-file requirements.lock pyproject.toml

clean:
	rm -rf .venv .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache \
	  src/paperkg/serve/editor/node_modules

# --- what is needed -----------------------------------------------------------------------------------------------

# $(call from_debian,PACKAGE): install a package of Debian, or say how.
from_debian = \
  if ! command -v apt-get >/dev/null; then echo "make: please install $(1) and run make again" >&2; exit 1; fi; \
  if [ "$$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root=sudo; \
  else echo "make: please run 'apt-get install $(1)' as root, then make again" >&2; exit 1; fi; \
  echo "make: installing $(1) from Debian's packages"; \
  $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $(1) >/dev/null

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: paperkg needs Python 3.11 or later: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call from_debian,python3-venv); }
	$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/locked: requirements.lock .venv/created
	$(BIN)/pip install --quiet --require-hashes --requirement requirements.lock
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The W3C's tests, which no package has but the source distribution of rdflib.
w3c: .venv/w3c/fetched

.venv/w3c/fetched: benchmarks/torture/w3c.txt .venv/installed
	$(BIN)/pip download --quiet --no-deps --no-binary rdflib --require-hashes \
	  --dest .venv/w3c --requirement benchmarks/torture/w3c.txt
	@touch $@

# libatomic1 is for the program through which the tests drive the browser.
browser: .venv/installed
	@{ command -v chromium && $(BIN)/playwright --version; } >/dev/null 2>&1 || { $(call from_debian,chromium libatomic1); }
