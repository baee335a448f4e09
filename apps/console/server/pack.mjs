/** The build's last step: takes what the bundler made, compresses it once for all requests, and holds the budget. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const BUNDLED = fileURLToPath(new URL('../dist', import.meta.url));
const PACKED = fileURLToPath(new URL('../../../dist/apps/console', import.meta.url));

/** What a browser must have before the page can be used, without the editor: on the wire, bytes. */
const INITIAL_BUDGET_BYTES = 120_000;
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.json', '.svg', '.txt', '.wasm', '.ttf']);
/** Smaller files fit into one packet anyway. */
const LEAST_BYTES = 1_024;
/** Above this the last percent takes seconds to find. */
const LARGE_BYTES = 1_000_000;

const compressors = { br: promisify(brotliCompress), gz: promisify(gzip) };

function filesOf(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** The bundler writes the styles of Monaco's modules too, which nothing loads: monaco.css has them. */
function removeUnused(files) {
  const sources = files.filter((path) => /\.(html|js)$/.test(path)).map((path) => readFileSync(path, 'utf8'));
  for (const path of files) {
    const name = relative(PACKED, path);
    const isUsed = sources.some((source) => source.includes(name));
    if (name === 'prerendered-routes.json' || (extname(path) === '.css' && !isUsed)) {
      rmSync(path);
    }
  }
}

/** The page's own font would else be found only when its styles have been read. */
function preloadFont(index) {
  const font = readdirSync(join(PACKED, 'media')).find((name) => name.startsWith('inter-latin-wght-normal'));
  if (!font) {
    throw new Error('The bundle has no font of the page: has its name in fonts.css changed?');
  }
  const link = `<link rel="preload" href="media/${font}" as="font" type="font/woff2" crossorigin>`;
  const html = readFileSync(index, 'utf8').replace('<link rel="stylesheet"', `${link}$&`);
  writeFileSync(index, html);
}

async function compress(path) {
  const content = readFileSync(path);
  if (!COMPRESSIBLE.has(extname(path)) || content.length < LEAST_BYTES) {
    return;
  }
  const quality = content.length > LARGE_BYTES ? 9 : constants.BROTLI_MAX_QUALITY;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(`${path}.br`, await compressors.br(content, { params }));
  writeFileSync(`${path}.gz`, await compressors.gz(content, { level: 9 }));
}

function namedIn(html) {
  return Array.from(html.matchAll(/(?:href|src)="([^"]+\.[a-z0-9]+)"/g), ([, name]) => name);
}

/** The modules that the page cannot start without: what its scripts import, and what that imports in turn. */
function startingModules(html) {
  const modules = new Set(namedIn(html).filter((name) => /^(main|chunk)-\w+\.js$/.test(name)));
  for (const name of modules) {
    const source = readFileSync(join(PACKED, name), 'utf8');
    for (const [, imported] of source.matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) {
      modules.add(imported);
    }
  }
  return modules;
}

/** The bundler names only some of them in the page; the others would wait until a script that imports them is there. */
function preloadModules(index) {
  const html = readFileSync(index, 'utf8');
  const named = new Set(namedIn(html));
  const links = Array.from(startingModules(html))
    .filter((name) => !named.has(name))
    .map((name) => `<link rel="modulepreload" href="${name}">`);
  writeFileSync(index, html.replace('</head>', `${links.join('')}$&`));
}

/** Everything that index.html names, and what it needs before the editor. */
function initialFiles(index) {
  return ['index.html', 'config.json', ...namedIn(readFileSync(index, 'utf8'))];
}

function wireBytes(name) {
  const path = join(PACKED, name);
  const sizes = ['.br', ''].map((ending) => statSync(path + ending, { throwIfNoEntry: false })?.size);
  return sizes.find((size) => size !== undefined) ?? 0;
}

function holdBudget(index) {
  const parts = initialFiles(index).map((name) => ({ name, bytes: wireBytes(name) }));
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const lines = parts.map(({ name, bytes }) => `${String(bytes).padStart(8)}  ${name}`);
  console.log(
    `${lines.join('\n')}\n${String(total).padStart(8)}  initial load, of ${INITIAL_BUDGET_BYTES} bytes`,
  );
  if (total > INITIAL_BUDGET_BYTES) {
    throw new Error(
      `The initial load is ${total} bytes, more than ${INITIAL_BUDGET_BYTES}: load parts lazily`,
    );
  }
}

rmSync(PACKED, { recursive: true, force: true });
cpSync(BUNDLED, PACKED, { recursive: true });
removeUnused(filesOf(PACKED));
const index = join(PACKED, 'index.html');
preloadFont(index);
preloadModules(index);
await Promise.all(filesOf(PACKED).map(compress));
holdBudget(index);
