"""Measurements, each a table: `make bench` takes them all, `python -m tests.bench NAME` takes one."""
