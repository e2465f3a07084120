"""Test commands under kills, full disks and other faults.

Run by `make faults`; see docs/robustness.md.
"""
