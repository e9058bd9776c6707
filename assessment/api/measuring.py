"""`/metrics`: what this process counted, for the operator's monitoring and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from math import nan

from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

from assessment.api import opened
from assessment.api.readers import require_monitoring
from assessment.errors import AssessmentError
from assessment.metrics import BUILD, READY, REGISTRY, SIGNED_IN
from assessment.store import schema
from assessment.store.browser_sessions import count_open_sessions


def measured(request: Request) -> Response:
    """Everything, as text of Prometheus or of OpenMetrics as `Accept` says; also while the database is away.

    Raises:
        Refusal: The request has neither the token of the monitoring nor the operator's.
    """
    require_monitoring(request)
    BUILD.info({"version": version("mesh-readiness"), "schema": schema.head_revision()})
    signed_in = _signed_in(datetime.now(UTC))
    READY.set(signed_in is not None)
    SIGNED_IN.set(nan if signed_in is None else signed_in)
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(REGISTRY), headers={"Content-Type": content_type, "Cache-Control": "no-store"})


def _signed_in(at: datetime) -> int | None:
    """In how many browsers somebody is signed in; None when the process isn't ready."""
    try:
        opened.require_ready()
        with opened.store().read() as connection:
            return count_open_sessions(connection, at)
    except AssessmentError:
        return None
