# The web console and its own server, which writes config.json from API_URL and forwards /api to API_UPSTREAM.
#
#   docker build -f infra/docker/console.Dockerfile -t pycell-console .            (build context: the repository)
#
# Nothing here needs BuildKit.
# Node 22 or 24: the binary of 25 and newer needs libatomic.so.1, which the last stage does not have.
ARG NODE_IMAGE=node:24.21.0-trixie-slim
ARG DEBIAN_IMAGE=debian:trixie-20260918-slim

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

# --- What the server needs at run time; the page is bundled -------------------------------------------------------
FROM workspace AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace @pycell/console && rm -rf /root/.npm

# --- The build ----------------------------------------------------------------------------------------------------
FROM installed AS build
COPY nx.json tsconfig.base.json ./
COPY libs libs
COPY apps/console apps/console
RUN NX_DAEMON=false NX_TUI=false NG_CLI_ANALYTICS=false node_modules/.bin/nx run console:build --outputStyle=static
RUN mkdir -p /app/dist/apps /app/apps/console/server && cp -r dist/apps/console /app/dist/apps/ \
 && cp apps/console/server/*.mjs /app/apps/console/server/ && rm /app/apps/console/server/pack.mjs
COPY package.json LICENSE /app/
COPY infra/docker/healthcheck.mjs /app/

FROM ${DEBIAN_IMAGE} AS init
RUN apt-get update \
 && apt-get install -y --no-install-recommends tini \
 && rm -rf /var/lib/apt/lists/*
# An account by hand, since useradd writes down the day: but for Debian's packages, which are not pinned, the same sources must
# give the same files.
RUN echo 'pycell:x:1000:1000:pycell:/nonexistent:/usr/sbin/nologin' >> /etc/passwd \
 && echo 'pycell:x:1000:' >> /etc/group

# --- What runs ----------------------------------------------------------------------------------------------------
FROM ${DEBIAN_IMAGE}
COPY --from=workspace /usr/local/bin/node /usr/local/bin/
COPY --from=init /usr/bin/tini-static /usr/local/bin/tini
COPY --from=init /etc/passwd /etc/group /etc/
COPY --from=dependencies /src/node_modules /app/node_modules
COPY --from=build /app /app
# Below what is large: it changes with every commit.
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="pycell console" \
      org.opencontainers.image.description="The web console of pycell and the server in front of it" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian"
# API_URL is what the page is told; /api is this server, which forwards it to API_UPSTREAM.
ENV NODE_ENV=production \
    CONSOLE_HOST=0.0.0.0 \
    CONSOLE_PORT=3000 \
    API_URL=/api
WORKDIR /app
USER 1000:1000
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=5s --retries=9 \
  CMD ["node", "/app/healthcheck.mjs", "/config.json", "CONSOLE_PORT", "CONSOLE_HOST"]
ENTRYPOINT ["/usr/local/bin/tini", "--"]
CMD ["node", "apps/console/server/serve.mjs"]
