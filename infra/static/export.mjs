/**
 * Makes a folder that any static host can serve, below any path: the built console with config.json, and _headers for the
 * hosts that read it.
 *
 *   API_URL=https://api.example.org node infra/static/export.mjs [FOLDER]     (default: dist/static-console)
 *
 * API_URL is where browsers find the API; there is nobody here who forwards /api. The API must name the page's origin in
 * CORS_ORIGINS.
 */
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = join(ROOT, 'dist/apps/console');

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** An address of its own, or a path on the page's origin where somebody forwards it. */
function readApiUrl(text = '') {
  const isUrl = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
  if (!isUrl && !/^\/(?!\/)/.test(text)) {
    fail(
      `API_URL is "${text}", expected the API's address as browsers see it, such as https://api.example.org`,
    );
  }
  return text.replace(/\/+$/, '') || '/';
}

const apiUrl = readApiUrl(process.env.API_URL?.trim());
const output = resolve(process.argv[2] ?? join(ROOT, 'dist/static-console'));
if (!existsSync(join(BUILT, 'index.html'))) {
  fail('The console is not built: npm ci --ignore-scripts && npx nx run console:build');
}
if (existsSync(output) && !existsSync(join(output, 'config.json'))) {
  fail(`${output} is there and holds no console: it would be removed. Name another folder`);
}
rmSync(output, { recursive: true, force: true });
cpSync(BUILT, output, { recursive: true });
cpSync(fileURLToPath(new URL('_headers', import.meta.url)), join(output, '_headers'));
writeFileSync(join(output, 'config.json'), `${JSON.stringify({ apiUrl })}\n`);
console.log(`${output} is ready to be served; its API is ${apiUrl}`);
