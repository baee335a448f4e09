# The balancer of compose/scale.yaml: Debian's HAProxy with our configuration.
#
#   docker build -f infra/docker/balancer.Dockerfile -t pycell-balancer .          (build context: the repository)
#
# Nothing here needs BuildKit.
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim
FROM ${DEBIAN_IMAGE}
RUN apt-get update \
 && apt-get install -y --no-install-recommends haproxy \
 && rm -rf /var/lib/apt/lists/* /etc/haproxy
COPY infra/balancer/haproxy.cfg /etc/pycell/haproxy.cfg
# A configuration that it does not take must not become an image.
RUN haproxy -c -q -f /etc/pycell/haproxy.cfg
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pycell balancer" \
      org.opencontainers.image.description="HAProxy in front of replicas of pycell" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian"
USER 1000:1000
EXPOSE 8080
# Its own answer, not that of a replica; bash, since the image has no curl.
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=9 \
  CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /balancer/health HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.. 200 ' <&3"]
# It ends by USR1 when answers in flight are given, by TERM at once.
STOPSIGNAL SIGUSR1
CMD ["haproxy", "-W", "-db", "-f", "/etc/pycell/haproxy.cfg"]
