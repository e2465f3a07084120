"""The PDF: WeasyPrint with patches, page breaks, glyph coverage and the archive format."""
