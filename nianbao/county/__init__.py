"""Work on the reports of many units: their states, their sums, similar texts, notes to units."""
