"""Show a live preview of reports in a browser; it is updated when files change."""
