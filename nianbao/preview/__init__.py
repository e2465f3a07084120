"""Serve a live preview of reports to a browser, which is updated when files change."""
