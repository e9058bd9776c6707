"""HTTP beside the pages, in the same process: health, the read-only API, and its own description.

Under /api/v1 machines read with a bearer token: one that the administrator made, for a role and where it has one a unit,
or the operator's (`MESH_READINESS_API_TOKEN`), which reads what a CDAO may. Without either nobody reads.
"""

from assessment.api.endpoints import routes

__all__ = ["routes"]
