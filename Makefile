# EngageQL. Each target is one line of what it does; `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup build run sandbox test check format bench clean

PACKAGES := libmicrohttpd-dev libsqlite3-dev libcurl4-openssl-dev zlib1g-dev libssl-dev pkg-config tzdata ca-certificates
SOURCES  := Sources Tests Package.swift

help:      ## list these targets
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup:     ## install the C libraries that are missing (Debian, by apt-get)
	@command -v swift >/dev/null || { echo "Swift 6.3 is needed: https://www.swift.org/install"; exit 1; }
	@missing=; for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "Installing$$missing"; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -q && $$sudo apt-get install -q -y --no-install-recommends $$missing; \
	fi

build: setup ## build .build/release/engageql
	swift build -c release --product engageql

run: build ## serve made-up numbers on http://127.0.0.1:8080, with a query to try
	.build/release/engageql serve --sandbox --welcome

sandbox: build ## serve the emulated Engagement API alone
	.build/release/engageql sandbox

test: setup ## build and run the whole test suite
	swift build --build-tests
	swift test --skip-build

check: setup ## what CI runs: formatting, imports, warnings as errors, tests
	swift format lint --strict --recursive --parallel $(SOURCES)
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

format:    ## rewrite all sources in the project's format
	swift format format --in-place --recursive --parallel $(SOURCES)

bench: setup ## measure cached requests beside a bare libmicrohttpd
	swift build -c release --product Benchmarks
	.build/release/Benchmarks

clean:     ## remove what was built
	rm -rf .build
