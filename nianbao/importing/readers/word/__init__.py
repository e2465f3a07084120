"""Read Word files: the parts of a package, styles, automatic numbers and the printed text."""
