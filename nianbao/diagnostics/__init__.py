"""Define findings, their severities and positions, and report findings in several formats."""
