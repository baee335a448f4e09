/**
 * Makes the header files of static hosts from what the console's own server sends, apps/console/server/page-headers.mjs.
 *
 *   node infra/static/headers.mjs --write    vercel.json, _headers (Netlify, Cloudflare Pages) and headers.nginx.conf
 *   node infra/static/headers.mjs --check    fails when one of them says something else
 *
 * All headers go with every file here. The server leaves those of documents away from a page's parts, because over HTTP/1.1
 * they would be a fifth of the first load; hosts speak HTTP/2 and newer, which name a repeated header by a byte or two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { pageHeaders } from '../../apps/console/server/page-headers.mjs';

/** Its name changes with its content. */
const HASHED_FILE = String.raw`.*-[A-Z0-9]{8}\.[a-z0-9]+`;
const FOREVER = 'public, max-age=31536000, immutable';
const GENERATED = 'Made by headers.mjs from apps/console/server/page-headers.mjs: change it there.';

function vercel(headers) {
  const configuration = {
    $schema: 'https://openapi.vercel.sh/vercel.json',
    framework: null,
    installCommand: 'npm ci --ignore-scripts --no-audit --no-fund',
    buildCommand: 'npx nx run console:build --outputStyle=static && node infra/static/export.mjs',
    outputDirectory: 'dist/static-console',
    headers: [
      { source: '/(.*)', headers: Object.entries(headers).map(([key, value]) => ({ key, value })) },
      { source: `/(${HASHED_FILE})`, headers: [{ key: 'Cache-Control', value: FOREVER }] },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

function netlify(headers) {
  const lines = Object.entries(headers).map(([name, value]) => `  ${name}: ${value}`);
  return `# ${GENERATED}\n/*\n${lines.join('\n')}\n`;
}

function nginx(headers) {
  const lines = Object.entries(headers).map(([name, value]) => `add_header ${name} "${value}" always;`);
  return `# ${GENERATED}\n# include it in the location of the console: nginx.conf shows how.\n${lines.join('\n')}\n`;
}

/** Returns what each file must hold, by its name. */
export function headerFiles() {
  const headers = pageHeaders('/');
  return {
    'vercel.json': vercel(headers),
    _headers: netlify(headers),
    'headers.nginx.conf': nginx(headers),
  };
}

export function pathOf(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Returns a sentence for each file that differs. */
export function findHeaderProblems() {
  return Object.entries(headerFiles())
    .filter(([name, text]) => readFileSync(pathOf(name), 'utf8') !== text)
    .map(
      ([name]) =>
        `infra/static/${name} is not what the console's server sends: node infra/static/headers.mjs --write`,
    );
}

function main([mode]) {
  if (mode === '--write') {
    Object.entries(headerFiles()).forEach(([name, text]) => writeFileSync(pathOf(name), text));
  } else if (mode === '--check') {
    const problems = findHeaderProblems();
    problems.forEach((problem) => console.error(problem));
    process.exitCode = problems.length > 0 ? 1 : 0;
  } else {
    console.error('usage: headers.mjs --write | --check');
    process.exitCode = 2;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2));
}
