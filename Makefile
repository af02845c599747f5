# What there is to do here. `make run` and `make test` need nothing but Rust and a C compiler.

CARGO_BUILD_JOBS ?= 2
export CARGO_BUILD_JOBS

.PHONY: run test check verify bench bench-backup bench-relay bench-services performance api-lint api-test pages-test dist services-up services-down test-services test-upgrade

# All crates but those that need more than Rust and a C compiler to be built; scripts/test-services builds those.
EVERYTHING := --workspace --exclude kit-event-bus-kafka

# Servers to start or stop, such as `make services-up SERVICES=postgres`; all when it is empty.
SERVICES ?=

## Build, start on an embedded store with demo data, print the addresses.
run:
	cargo run --release -p gondola -- demo --data-dir data/demo

## All tests that need nothing installed or running; the program is built with them, so not once more before.
test:
	cargo test $(EVERYTHING)

## Format, lints with warnings denied, documentation.
check:
	cargo fmt --all --check
	cargo clippy $(EVERYTHING) --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc $(EVERYTHING) --no-deps --document-private-items

## Everything that CI runs.
verify: check
	GONDOLA_TEST_UNITS=50000 GONDOLA_TEST_HISTORIES=100000 cargo test $(EVERYTHING)
	scripts/api-lint
	scripts/api-test

## The document against what generators and viewers expect: redocly (installed into a folder below target/).
api-lint:
	cargo build -p gondola
	scripts/api-lint

## The API against its own document: schemathesis, all checks (installed into a folder below target/).
api-test:
	cargo build -p gondola
	scripts/api-test

## Every page in Chromium (Debian's; what drives it is installed into a folder below target/).
pages-test:
	cargo build -p gondola
	scripts/pages-test

## All bench scenarios with the machine's limits beside them, on the binary that ships: under 5 minutes once it is built.
bench:
	cargo run --profile dist -p gondola -- bench --log warn

## The relay to Kafka for a minute, and after the broker was away for one.
bench-relay:
	scripts/services-up kafka
	scripts/bench-relay --release

## What a backup costs those who sell: p99 of holds without one and during backups.
bench-backup:
	scripts/bench-backup

## Reservations on PostgreSQL beside those written by hand in SQL on the same server, and beside the embedded store.
bench-services:
	scripts/services-up postgres
	scripts/bench-services

## The bench once more, written to docs/performance.md.
performance:
	GONDOLA_COMMIT=$$(git describe --always --dirty) GONDOLA_PROFILE=dist \
		cargo run --profile dist -p gondola -- bench --log warn --markdown docs/performance.md

## The binary that ships.
dist:
	cargo build --profile dist -p gondola --features servers

## Real servers for tests, on loopback: containers where a Docker engine runs, otherwise Debian's packages.
services-up:
	scripts/services-up $(SERVICES)

services-down:
	scripts/services-down $(SERVICES)

## The release before and this one replace each other, process by process, under load.
test-upgrade:
	scripts/services-up postgres kafka redis
	scripts/test-upgrade

## The tests that need them.
test-services: services-up
	scripts/test-services
