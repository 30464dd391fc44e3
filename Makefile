# The few things one does here. `make demo` and `make test` need a machine with Rust; they get the rest.

# System packages that the build needs: RocksDB is C++, its bindings are made with libclang, and ccache keeps
# the one long compile for every profile and clone. The tests ask outside judges: pySHACL, clients and schemathesis, which
# they install from PyPI into environments of their own, Comunica from npm, and xmllint.
PACKAGES := g++ libclang-dev ccache python3-venv libxml2-utils

# Real records for the tests, if there are any beside the project.
AARRE_REAL_DATA ?= $(wildcard $(CURDIR)/../shared/data)
export AARRE_REAL_DATA

# Schemas that the fixtures are judged by and suites that the server is, if they are beside the project.
AARRE_XML_SCHEMAS ?= $(wildcard $(CURDIR)/../shared/conformance/xml-schemas)
AARRE_EDM_XSD ?= $(wildcard $(CURDIR)/../shared/conformance/edm-xsd)
AARRE_W3C_SPARQL ?= $(wildcard $(CURDIR)/../shared/conformance/w3c-sparql)
AARRE_RECONCILIATION_API ?= $(wildcard $(CURDIR)/../shared/conformance/reconciliation-api)
AARRE_DCAT_AP ?= $(wildcard $(CURDIR)/../shared/conformance/dcat-ap-shacl)
export AARRE_XML_SCHEMAS AARRE_EDM_XSD AARRE_W3C_SPARQL AARRE_RECONCILIATION_API AARRE_DCAT_AP

# One C++ compile, found again by ccache. The same values everywhere, as cargo rebuilds when they change.
export CC := ccache gcc
export CXX := ccache g++

.PHONY: demo test lint bench bench-serve bench-requests beside beside-names hostile fuzz bless openrefine licences pages deps help

help: ## what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

demo: deps ## build, load the bundled collection and serve it at http://127.0.0.1:7878/
	@echo "Building aarre. From nothing this takes about 15 minutes on 2 cores, most of it for RocksDB."
	cargo build --locked --profile demo --package graph-cli
	./target/demo/aarre demo

test: deps ## all tests, and each bench once
	cargo build --locked --workspace --exclude fuzz --all-targets
	AARRE=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/aarre cargo test --locked --workspace --exclude fuzz --all-targets
	cargo test --locked --workspace --exclude fuzz --doc

lint: deps ## formatting and lints, as CI wants them
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- --deny warnings

bench: deps ## the figures of the README, in the profile of the demo
	cargo bench --locked --profile demo --package benches

bench-requests: deps ## processor time of kept answers, beside a bare axum handler
	cargo bench --locked --profile demo --package benches --bench requests

beside: deps ## the loaders beside other programs, which are installed from PyPI into the target folder
	cargo bench --locked --profile demo --package benches --bench beside

beside-names: deps ## names found in an authority, beside rapidfuzz, csv-reconcile and plain tantivy, on the same lists
	cargo bench --locked --profile demo --package benches --bench names -- --beside

# How many quads the servers are compared over.
QUADS ?= 1000000
PEERS := $(CURDIR)/target/peers

bench-serve: deps ## queries beside Oxigraph's own server and Virtuoso, over QUADS made-up quads (installs both)
	@command -v virtuoso-t >/dev/null || { [ "$$(id -u)" = 0 ] && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq virtuoso-opensource-7 virtuoso-opensource-7-bin >/dev/null; } || echo "without Virtuoso"
	[ -x $(PEERS)/bin/oxigraph ] || cargo install --locked --quiet oxigraph-cli --version 0.5.13 --no-default-features --features geosparql,rdf-12 --root $(PEERS) --target-dir $(PEERS)/build
	cargo build --locked --profile demo --package graph-cli
	AARRE=$(CURDIR)/target/demo/aarre OXIGRAPH=$(PEERS)/bin/oxigraph VIRTUOSO=$$(command -v virtuoso-t) ISQL=$$(command -v isql-vt) \
	  cargo bench --locked --profile demo --package benches --bench queries -- $(QUADS)

bless: ## write the expected outputs of the loaders' fixtures anew; read the diff
	AARRE_BLESS=1 cargo test --package loaders

openrefine: deps ## OpenRefine, without a window, reconciles a column against the demo (installs it from Debian)
	[ -x /usr/share/openrefine/refine ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openrefine >/dev/null
	cargo test --locked --package tests --test it openrefine

pages: deps ## HTML, accessibility, weight and scripts of the pages, judged in Chromium by vnu, axe and Lighthouse (installs them)
	@missing=""; for package in chromium nodejs npm default-jre-headless curl; do \
	  command -v $$(echo $$package | sed 's/nodejs/node/; s/default-jre-headless/java/') >/dev/null || missing="$$missing $$package"; done; \
	[ -z "$$missing" ] || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null
	cargo build --locked --package graph-cli
	tests/judges/pages/run $(abspath $(or $(CARGO_TARGET_DIR),target))/debug/aarre

# How long each fuzz target runs, in seconds.
SECONDS ?= 60

hostile: ## hostile queries, files and clients, the long form: 63 abusers and an honest client for a minute
	AARRE_HOSTILE=long cargo test --locked --package tests --test it hostile -- --nocapture

fuzz: ## each parser against made-up bytes for a minute, from its fixtures on (installs cargo-fuzz)
	command -v cargo-fuzz >/dev/null || cargo install --locked cargo-fuzz
	tests/fuzz/run $(SECONDS)

licences: ## licences, advisories and sources of all dependencies (installs cargo-deny)
	command -v cargo-deny >/dev/null || cargo install --locked cargo-deny
	cargo deny check

deps:
	@command -v cargo >/dev/null || { echo "Rust is needed first: https://rustup.rs"; exit 1; }
	@missing=""; for package in $(PACKAGES); do \
	  dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
	if [ -n "$$missing" ]; then \
	  if ! command -v apt-get >/dev/null; then \
	    command -v ccache >/dev/null && command -v g++ >/dev/null || \
	      { echo "Please install: a C++ compiler, libclang and ccache"; exit 1; }; \
	  else echo "Installing:$$missing"; \
	    sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	    $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $$missing >/dev/null; fi; fi
