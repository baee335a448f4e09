/**
 * The built files, compressed ahead, kept for ever where their name changes with their content. They are read once, when
 * the server starts: what is done to the folder later, such as another build, breaks neither a request nor the server.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import { answerError } from './error-answer.mjs';

const HASHED = /-[A-Z0-9]{8}\.[a-z0-9]+$/;
const YEAR_SECONDS = 31_536_000;

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** How pack.mjs compresses, the smallest first: the name in HTTP, the ending of the file. */
const CODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
];

/** Contents by their path in an address. */
function readContents(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => !/(^|[/\\])\./.test(name));
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [`/${name.split(sep).join('/')}`, readFileSync(join(folder, name))]));
}

function describe(path, contents) {
  const plain = contents.get(path);
  const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
  return {
    // Weak: the same for each of its codings.
    etag: `W/"${hash}"`,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    caching: HASHED.test(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
    codings: CODINGS.map(({ name, ending }) => ({ name, body: contents.get(path + ending) })).filter(
      ({ body }) => body !== undefined,
    ),
    plain,
  };
}

function isAccepted(coding, header = '') {
  return header.split(',').some((part) => {
    const [name, ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    return name === coding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function isKnown(etag, header = '') {
  return header.split(',').some((known) => known.trim() === etag || known.trim() === '*');
}

/** @returns what answers a GET or HEAD of a path; parts (`Range`) are not given: no file is that large */
export function serveFiles(folder) {
  const contents = readContents(folder);
  const isCoding = (path) =>
    CODINGS.some(({ ending }) => path.endsWith(ending) && contents.has(path.slice(0, -ending.length)));
  const paths = Array.from(contents.keys()).filter((path) => !isCoding(path));
  const files = new Map(paths.map((path) => [path, describe(path, contents)]));
  return (request, response, path) => {
    const file = files.get(path === '/' ? '/index.html' : path);
    if (!file) {
      answerError(response, 404, { code: 'NOT_FOUND', error: 'There is no such file' });
      return;
    }
    const headers = { 'Cache-Control': file.caching, ETag: file.etag, Vary: 'Accept-Encoding' };
    if (isKnown(file.etag, request.headers['if-none-match'])) {
      response.writeHead(304, headers).end();
      return;
    }
    const coding = file.codings.find(({ name }) => isAccepted(name, request.headers['accept-encoding']));
    const body = coding?.body ?? file.plain;
    response.writeHead(200, {
      ...headers,
      'Content-Type': file.type,
      'Content-Length': body.length,
      ...(coding && { 'Content-Encoding': coding.name }),
    });
    response.end(body);
  };
}
