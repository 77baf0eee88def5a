# One image for every process of Estuary; the command chooses which: `serve booking`, `work payments`, `gateway`, ...

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv --without-pip /opt/estuary
COPY requirements.lock ./
RUN --mount=type=cache,target=/var/cache/pip \
    pip --cache-dir /var/cache/pip --python /opt/estuary/bin/python install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY libs libs
COPY services services
COPY gateway gateway
COPY estuary estuary
# The lock carries what builds the package; it stays out of the image.
RUN pip --python /opt/estuary/bin/python install --quiet --no-deps --no-build-isolation . \
    && pip --python /opt/estuary/bin/python uninstall --quiet --yes hatchling pathspec pluggy trove-classifiers

FROM python:3.13-slim
RUN groupadd --system --gid 10001 estuary \
    && useradd --system --uid 10001 --gid estuary --home-dir /var/lib/estuary --no-create-home estuary \
    && install --directory --owner estuary --group estuary --mode 0700 /var/lib/estuary \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3*/site-packages/pip*
COPY --from=build /opt/estuary /opt/estuary
COPY deploy/image/healthcheck /usr/local/bin/healthcheck
ENV PATH=/opt/estuary/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ESTUARY_HOST=0.0.0.0 \
    ESTUARY_HOME=/var/lib/estuary
USER 10001:10001
WORKDIR /var/lib/estuary
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["healthcheck"]
ENTRYPOINT ["estuary"]
CMD ["--help"]
