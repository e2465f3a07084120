"""Check one report: its structure, the rules, and the claims of its prose. Render nothing."""
