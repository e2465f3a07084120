"""Find and read the report files, settings and git revisions of a repository.

No module here checks a report.
"""
