"""Build a static web site of all reports: pages of units and years, data, feed, search."""
