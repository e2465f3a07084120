"""Findings, their severities and positions, and the formats they are reported in."""
