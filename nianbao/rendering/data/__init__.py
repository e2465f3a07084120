"""Write the numbers of reports for programs: JSON, CSV, a workbook, a database, a data package."""
