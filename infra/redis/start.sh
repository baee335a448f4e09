#!/bin/sh
# Starts Redis with the password in REDIS_PASSWORD. It comes by standard input: every process sees a command line, and a file
# would have to be written first.
set -eu

password=${REDIS_PASSWORD:-}
case $password in
  *[!A-Za-z0-9_-]*)
    echo "REDIS_PASSWORD must be letters, digits, - and _ only, since it also stands in a URL. Make one: openssl rand -hex 32" >&2
    exit 1
    ;;
esac
if [ "${#password}" -lt 32 ]; then
  echo "REDIS_PASSWORD must have at least 32 characters, and has ${#password}. Make one: openssl rand -hex 32" >&2
  exit 1
fi
settings=$(cat "${REDIS_CONFIGURATION:-/etc/pycell/redis.conf}")
exec env -u REDIS_PASSWORD redis-server - "$@" <<END
$settings
requirepass $password
END
