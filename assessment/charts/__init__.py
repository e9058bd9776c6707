"""Findings → Plotly figures: pure, one figure a file, one theme."""
