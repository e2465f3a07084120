"""Measure the accuracy of `import` on generated files of the kinds that offices have."""
