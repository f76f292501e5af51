# The bot as an image: `docker build --tag zhendema .`; how to run it: docs/deploy.md.
# Two stages: the first makes wheels, of pinned things alone; the second holds what runs and no tools.

# The version of Python that the tests and the bench run on.
ARG PYTHON=3.11
FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements-build.txt requirements-server.txt ./
# No build isolation: it would fetch tools that no hash pins.
RUN pip install --require-hashes --requirement requirements-build.txt \
 && pip wheel --no-build-isolation --use-pep517 --require-hashes --requirement requirements-server.txt --wheel-dir /wheels
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY api api
COPY data data
COPY sandbox sandbox
RUN pip wheel --no-build-isolation --no-deps --wheel-dir /wheels . \
 && python -m venv --without-pip /usr/local/lib/zhendema \
 && pip --python /usr/local/lib/zhendema/bin/python install --no-index --no-deps /wheels/*.whl

FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.title="zhendema" \
      org.opencontainers.image.description="Telegram bot that tells Chinese speakers whether an SMS is real" \
      org.opencontainers.image.licenses="MIT AND Apache-2.0"
COPY --from=build /usr/local/lib/zhendema /usr/local/lib/zhendema
# The number is fixed, so that volumes keep their owner over all versions.
RUN groupadd --system --gid 10001 zhendema \
 && useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/zhendema --shell /usr/sbin/nologin zhendema \
 && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/zhendema
# What is written goes to $XDG_STATE_HOME/zhendema and /tmp; the rest may be read-only.
ENV PATH=/usr/local/lib/zhendema/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_STATE_HOME=/var/lib \
    ZHENDEMA_LISTEN=*:8080 \
    ZHENDEMA_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/zhendema
EXPOSE 8080
STOPSIGNAL SIGTERM
# On the port in force, and past any proxy of the surroundings.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os; asked = http.client.HTTPConnection('127.0.0.1', int(os.environ['ZHENDEMA_LISTEN'].rpartition(':')[2]), timeout=4); asked.request('GET', '/healthz'); raise SystemExit(asked.getresponse().status != 200)"]
ENTRYPOINT ["zhendema"]
CMD ["run"]
