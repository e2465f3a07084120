"""Convert the Markdown of prose to sanitised HTML, and HTML to GitHub-flavoured Markdown."""
