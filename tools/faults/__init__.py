"""Kills, full disks and other faults, run by `make faults` and described in docs/robustness.md."""
