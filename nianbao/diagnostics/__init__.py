"""Define findings, their severities and their positions; format findings for several readers."""
