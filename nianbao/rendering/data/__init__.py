"""Write the numbers of reports as JSON, CSV, workbook, database or data package."""
