"""Report files, settings, earlier years and git revisions of a repository. Checks no report."""
