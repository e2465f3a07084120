"""Show a preview of reports in a browser, and update the preview when files change."""
