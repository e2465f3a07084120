"""Convert the Markdown of prose to sanitized HTML, and HTML to GitHub-flavoured Markdown."""
