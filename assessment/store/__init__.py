"""The only SQL. One module a noun; every read of assessments or answers takes a scope."""
