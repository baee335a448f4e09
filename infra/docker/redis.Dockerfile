# The Redis of compose/scale.yaml: Debian's, with the settings that asynchronous executions need.
#
#   docker build -f infra/docker/redis.Dockerfile -t pycell-redis .                (build context: the repository)
#
# Nothing here needs BuildKit.
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim
FROM ${DEBIAN_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server redis-tools \
 && rm -rf /var/lib/apt/lists/* /etc/redis \
 && mkdir --mode 0700 /data && chown 1000:1000 /data
COPY infra/redis/redis.conf infra/redis/start.sh /etc/pycell/
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pycell Redis" \
      org.opencontainers.image.description="Redis as asynchronous executions of pycell need it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian"
USER 1000:1000
# A new volume takes the owner of this folder.
VOLUME /data
EXPOSE 6379
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=9 \
  CMD ["sh", "-c", "test \"$(REDISCLI_AUTH=$REDIS_PASSWORD redis-cli ping)\" = PONG"]
CMD ["sh", "/etc/pycell/start.sh"]
