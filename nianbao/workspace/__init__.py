"""Find and read the report files, settings and git revisions of a repository; check no report."""
