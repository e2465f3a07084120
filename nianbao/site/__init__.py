"""Build a static web site of all reports: pages of reports, units and years, data, feed, search."""
