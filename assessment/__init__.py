"""Mesh Readiness: questionnaires, answers, scores and findings on who is ready to own data."""
