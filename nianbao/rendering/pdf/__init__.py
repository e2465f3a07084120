"""Make PDFs: patch WeasyPrint, split tables at page breaks, find missing glyphs, add metadata."""
