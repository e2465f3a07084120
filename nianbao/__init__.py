"""Check and render 政府信息公开工作年度报告, written as one YAML file per unit and year."""

__version__ = "0.1.0"
