"""The live preview of `serve`: snapshots of reports, the watcher of files, pages, HTTP server."""
