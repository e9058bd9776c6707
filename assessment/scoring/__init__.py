"""Answers → scores. Pure and vectorised: rows are assessments, columns are questions or nodes of the tree."""
