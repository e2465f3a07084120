"""Benchmarks: `make bench`; docs/benchmarks.md says what they measure."""
