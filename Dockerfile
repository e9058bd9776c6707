# The application in a container. Docker, Podman and Buildah all look for this name; compose.yaml uses it.
# For a server, name the base image by its digest: --build-arg BASE=docker.io/library/python@sha256:…
ARG BASE=docker.io/library/python:3.11-slim-bookworm

FROM ${BASE} AS installed
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/mesh-readiness
COPY constraints.txt ./
RUN python -m venv .venv
RUN .venv/bin/python -m pip install --quiet --require-hashes -r constraints.txt
COPY pyproject.toml README.md LICENSE app.py ./
COPY assessment assessment
COPY questionnaires questionnaires
COPY .streamlit/config.toml .streamlit/config.toml
RUN .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
# Nothing can be compiled later: the file system is read-only then.
RUN .venv/bin/python -m compileall -q assessment

FROM ${BASE}
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin mesh
COPY --from=installed /srv/mesh-readiness /srv/mesh-readiness
WORKDIR /srv/mesh-readiness
ENV PATH=/srv/mesh-readiness/.venv/bin:$PATH HOME=/tmp PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    MESH_READINESS_LOG_FORMAT=json
USER 10001
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=15s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/readyz', timeout=12)"]
# Within a container the whole address is the container's. The program refuses it unless people sign in.
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.fileWatcherType", "none"]
