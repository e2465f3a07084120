"""Checks of one report: structure, rules and the claims of its prose. Renders nothing."""
