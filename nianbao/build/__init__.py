"""Incremental, parallel builds: what is due, done in processes, recorded in a manifest."""
