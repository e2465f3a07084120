"""A fuzzer, run by `make fuzz` and described in docs/robustness.md.

The fuzzer makes small repositories (a report or two, settings, templates) from a seed, runs the
package on each in this process, and checks what must hold for any input. The messy YAML and the
parsers of outputs come from `tests/`.
"""
