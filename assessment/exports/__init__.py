"""Findings and tables → bytes that leave the building. Pure; names and comments are hostile text here."""
