"""Read WordprocessingML: the parts of a package, numbering, styles, and the text as printed."""
