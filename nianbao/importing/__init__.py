"""Read reports from Word files, web pages, PDFs, texts and spreadsheets."""
