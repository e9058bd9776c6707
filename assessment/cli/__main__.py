"""`python -m assessment.cli`: the same as `mesh-readiness`."""

from assessment.cli import app

app()
