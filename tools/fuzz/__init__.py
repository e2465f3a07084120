"""A fuzzer, run by `make fuzz` and described in docs/robustness.md.

It makes small repositories (a report or two, settings, templates) from a seed, puts each through
the package in this process, and checks what must hold for any input. It borrows the messy YAML and
the parsers of outputs from `tests/`.
"""
