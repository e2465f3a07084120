"""政府信息公开工作年度报告 as code: one YAML file a unit and year, checked and printed."""

__version__ = "0.1.0"
