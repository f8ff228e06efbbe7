# EngageQL. Each target is one line of what it does; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests build console graphiql run sandbox test test-console test-guides conformance conformance-long fuzz soak format bench bench-pauses bench-table \
  clean

PACKAGES := libmicrohttpd-dev libsqlite3-dev libcurl4-openssl-dev zlib1g-dev libssl-dev libhiredis-dev libwslay-dev pkg-config tzdata ca-certificates
# Only tests ask a Redis server; without one they leave out what needs it, and say so.
TEST_PACKAGES := redis-server
# Libraries of the console and what bundles them, and the browser that its tests drive. Nothing else needs them.
CONSOLE_PACKAGES := esbuild libjs-codemirror libjs-chart.js node-graphql
BROWSER_PACKAGES := chromium chromium-driver python3-venv
SOURCES  := Sources Tests Package.swift

help:      ## list these targets
	@grep -hE '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

# Installs those of the packages $(1) that are missing.
define install
	@missing=; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -q && $$sudo apt-get install -q -y --no-install-recommends $$missing; \
	fi
endef

setup:     ## install the C libraries that are missing (Debian, by apt-get)
	@command -v swift >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install"; exit 1; }
	$(call install,$(PACKAGES))

setup-tests: setup
	-$(call install,$(TEST_PACKAGES))

build: setup ## build .build/release/engageql and the console
	swift build -c release --product engageql
	@$(MAKE) -s console || echo "The console could not be made: the server runs without, and says so at /."

# One file of the page's sources and of the libraries, from where their packages put them.
CONSOLE_PAGE = .build-console/console.html

console:   ## bundle the page at / (its libraries by apt-get)
	$(call install,$(CONSOLE_PACKAGES))
	@$(MAKE) -s $(CONSOLE_PAGE)

$(CONSOLE_PAGE): Makefile $(shell find Sources/Console config/queries -type f)
	@mkdir -p $(@D)
	NODE_PATH=/usr/share/nodejs:/usr/share/javascript esbuild Sources/Console/app.js --bundle --minify --format=esm --target=es2020 \
	  --loader:.graphql=text --legal-comments=eof --log-level=warning --outfile=$(@D)/console.js
	@sed -e '/^\/\* STYLE \*\/$$/{r $(@D)/console.css' -e 'd}' -e '/^\/\* SCRIPT \*\/$$/{r $(@D)/console.js' -e 'd}' \
	  Sources/Console/index.html > $@.new && mv $@.new $@

# GraphiQL is in no package of Debian. A package of Python has it; its folder and no more is taken, by a known hash.
GRAPHIQL = .build-graphiql/dagster_webserver/graphiql
GRAPHIQL_PAGE = .build-graphiql/graphiql.html

graphiql:  ## put GraphiQL at /graphiql, beside the console (out of a Python package, by pip)
	$(call install,esbuild python3-venv)
	@$(MAKE) -s $(GRAPHIQL_PAGE)

$(GRAPHIQL)/graphiql.min.js: Sources/Console/graphiql/requirements.txt
	python3 -m venv .build-graphiql/python
	.build-graphiql/python/bin/pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
	  --dest .build-graphiql/wheel -r $<
	@python3 -c 'import sys, zipfile; wheel = zipfile.ZipFile(sys.argv[1]); \
	  wheel.extractall(".build-graphiql", [name for name in wheel.namelist() if name.startswith("dagster_webserver/graphiql/")])' \
	  .build-graphiql/wheel/*.whl
	@rm -r .build-graphiql/wheel .build-graphiql/python
	@touch $@

$(GRAPHIQL_PAGE): Makefile $(GRAPHIQL)/graphiql.min.js $(shell find Sources/Console/graphiql Sources/Console/request config/queries -type f)
	esbuild Sources/Console/graphiql/mount.js --bundle --minify --format=esm --target=es2022 --loader:.graphql=text \
	  --log-level=warning --outfile=$(@D)/mount.js
	@for file in react.production.min react-dom.production.min graphiql.min graphiql-plugin-explorer.umd; do \
	  grep -v '^//# sourceMappingURL' $(GRAPHIQL)/$$file.js; echo ';'; done | cat - $(@D)/mount.js > $(@D)/script.js
	@cat $(GRAPHIQL)/graphiql.min.css $(GRAPHIQL)/graphiql-plugin-explorer-style.css Sources/Console/graphiql/page.css > $(@D)/style.css
	@sed -e '/^\/\* STYLE \*\/$$/{r $(@D)/style.css' -e 'd}' -e '/^\/\* SCRIPT \*\/$$/{r $(@D)/script.js' -e 'd}' \
	  Sources/Console/graphiql/index.html > $@.new && mv $@.new $@

run: build ## serve made-up numbers and the console on http://127.0.0.1:8080
	.build/release/engageql serve --sandbox --welcome

sandbox: build ## serve the emulated Engagement API alone
	.build/release/engageql sandbox

test: setup-tests ## everything CI runs: the format, the imports, the suite, a short comparison of the engine
	swift format lint --strict --recursive --parallel $(SOURCES)
	swift build --build-tests --explicit-target-dependency-import-check error
	Tests/suite.sh
	@if $(MAKE) -s .build-conformance/ready; then $(MAKE) -s conformance; else \
	  echo "The engine was not compared with another implementation: Python cannot install it here."; fi
	@if $(MAKE) -s .build-guides/ready; then $(MAKE) -s test-guides; else \
	  echo "The guides were not followed: Python cannot install pandas, polars and DuckDB here."; fi
	@if $(MAKE) -s .build-console/tests/ready; then $(MAKE) -s test-console; else \
	  echo "The console was not tested: there is no Chromium to be had here, or Python cannot install what drives it."; fi

# What drives the browser, in an environment of its own.
.build-console/tests/ready: Tests/Console/requirements.txt
	$(call install,$(BROWSER_PACKAGES))
	python3 -m venv .build-console/tests
	.build-console/tests/bin/pip install --quiet --disable-pip-version-check -r Tests/Console/requirements.txt
	@touch $@

test-console: setup console .build-console/tests/ready ## drive the console in a Chromium without a screen
	@$(MAKE) -s graphiql || echo "GraphiQL is not tested: it could not be had (see above)."
	swift build --product engageql
	.build-console/tests/bin/python -B -m pytest --quiet -rs -p no:cacheprovider Tests/Console --server .build/debug/engageql

# What the guides are followed with, in an environment of its own.
.build-guides/ready: Tests/Guides/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; $$sudo apt-get install -q -y --no-install-recommends python3-venv; }
	python3 -m venv .build-guides
	.build-guides/bin/pip install --quiet --disable-pip-version-check -r Tests/Guides/requirements.txt
	@touch $@

test-guides: setup .build-guides/ready ## run the snippets of the guides; what is not installed (R, LibreOffice, Node) is left out
	swift build --product engageql
	.build-guides/bin/python -B -m pytest --quiet -rs -p no:cacheprovider Tests/Guides --server .build/debug/engageql

# The oracle that judges the GraphQL engine, in an environment of its own.
.build-conformance/ready: Tests/Conformance/requirements.txt
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; $$sudo apt-get install -q -y --no-install-recommends python3-venv; }
	python3 -m venv .build-conformance
	.build-conformance/bin/pip install --quiet --disable-pip-version-check -r Tests/Conformance/requirements.txt
	@touch $@

CONFORMANCE = .build-conformance/bin/python -B Tests/Conformance/conform.py --engine .build/debug/engageql

conformance: setup .build-conformance/ready ## compare the GraphQL engine with another implementation, in seconds
	swift build --product engageql
	$(CONFORMANCE) --seeds 1-6 --cases 200

SEEDS ?= 1-100
conformance-long: setup .build-conformance/ready ## the same for hours if you like: SEEDS=1-1000
	swift build --product engageql
	$(CONFORMANCE) --seeds $(SEEDS) --cases 1000

FUZZ_SECONDS ?= 60
fuzz: setup ## search for inputs that break parsers, FUZZ_SECONDS=60 for each
	swift build --package-path Tests/Fuzz --scratch-path .build-fuzz -c release \
	  --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address -Xswiftc -assert-config -Xswiftc Debug
	@for name in Parser Schema Request JSON; do \
	  echo "Fuzz$$name"; mkdir -p .build-fuzz/corpus/$$name; \
	  ASAN_OPTIONS=detect_leaks=0 .build-fuzz/release/Fuzz$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -print_final_stats=1 -verbosity=0 -dict=Tests/Fuzz/graphql.dict -artifact_prefix=.build-fuzz/ \
	    .build-fuzz/corpus/$$name Tests/Fuzz/Corpus/$$name || exit 1; \
	done

SOAK_SECONDS ?= 60
MODEL_RUNS ?= 100
soak: setup ## ask under faults, restarts and clock jumps and check every number, SOAK_SECONDS=60 (again: ENGAGEQL_SEED=…)
	swift build --build-tests --explicit-target-dependency-import-check error
	ENGAGEQL_SOAK_SECONDS=$(SOAK_SECONDS) swift test --skip-build --filter 'EngagementServerTests\.Soak'
	ENGAGEQL_MODEL_RUNS=$(MODEL_RUNS) swift test --skip-build --filter MetricCacheModelTests

format:    ## rewrite all sources in the project's format
	swift format format --in-place --recursive --parallel $(SOURCES)

bench: setup ## measure cached requests beside a bare libmicrohttpd
	swift build -c release --product Benchmarks
	.build/release/Benchmarks

bench-pauses: setup ## measure how long look-ups are held up while a file of a million rows evicts and purges
	swift build -c release --product Benchmarks
	.build/release/Benchmarks --pauses

bench-table: setup ## measure a table of a million rows: time and memory
	swift build -c release --product Benchmarks
	.build/release/Benchmarks --table

clean:     ## remove what was built
	rm -rf .build .build-conformance .build-console .build-graphiql .build-guides .build-fuzz
