"""The static web site of all reports: its pages, charts and sentences."""
