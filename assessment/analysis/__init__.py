"""Scores → findings: frozen values that charts, exports and pages show as they are. Pure."""
