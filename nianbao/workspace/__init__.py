"""Find and read a repository's report files, settings and git revisions. Checks no report."""
