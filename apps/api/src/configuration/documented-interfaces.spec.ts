import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfiguration } from './configuration';
import { goldenRequests } from '../interfaces/door/golden.contract';
import { INTERFACE_NAMES } from './interfaces-options';

const DOCS = join(__dirname, '../../../../docs');

/** Where each interface is told of, with the heading of its part where the document has more than one. */
const PAGES = {
  dify: { document: 'interfaces.md', heading: '## Dify' },
  ragflow: { document: 'interfaces.md', heading: '## RAGFlow' },
  piston: { document: 'interfaces-piston.md', heading: null },
  judge0: { document: 'interfaces-judge0.md', heading: null },
  mcp: { document: 'guides/give-it-to-a-model.md', heading: null },
} as const;

/** What is set where each was called so far. */
const SETTINGS = {
  dify: ['CODE_EXECUTION_ENDPOINT', 'CODE_EXECUTION_API_KEY'],
  ragflow: ['SANDBOX_ENABLED', 'SANDBOX_HOST'],
  piston: ['piston-client', 'server'],
  judge0: ['judge0', 'JUDGE0_CE_ENDPOINT', 'JUDGE0_CE_AUTH_HEADERS'],
} as const;

/** Clients of the table, with where their versions are pinned. */
const CLIENTS = [
  [
    '@modelcontextprotocol/client',
    () => lockedIn('package-lock.json', 'node_modules/@modelcontextprotocol/client'),
  ],
  [
    '@modelcontextprotocol/inspector',
    () =>
      lockedIn(
        'tools/checks/mcp-inspector/package-lock.json',
        'node_modules/@modelcontextprotocol/inspector',
      ),
  ],
  ['piston-client', () => lockedIn('apps/api-e2e/clients/package-lock.json', 'node_modules/piston-client')],
  ['judge0', () => /^judge0==(\S+)/m.exec(readRoot('apps/api-e2e/clients/requirements.txt'))?.[1]],
] as const;

/** Clients that are inside of servers, with the folders of their requests. */
const GOLDEN = [
  ['Dify', "requests of Dify's code and template nodes", 'dify'],
  ['RAGFlow', "requests of RAGFlow's code component", 'ragflow'],
] as const;

function readRoot(path: string): string {
  return readFileSync(join(DOCS, '..', path), 'utf8');
}

function lockedIn(path: string, name: string): string | undefined {
  const { packages } = JSON.parse(readRoot(path)) as {
    packages: Readonly<Record<string, { readonly version?: string }>>;
  };
  return packages[name]?.version;
}

/** What a snippet for Compose says of a service. */
interface ComposeService {
  readonly environment?: Readonly<Record<string, string | number | boolean>>;
}

function readPage(name: keyof typeof PAGES): string {
  const { document, heading } = PAGES[name];
  const text = readFileSync(join(DOCS, document), 'utf8');
  if (heading === null) {
    return text;
  }
  const parts = text.split(/^(?=## )/m).filter((part) => part.startsWith(`${heading}\n`));
  expect(parts).toHaveLength(1);
  return parts.join('');
}

/** Returns the services of all snippets for Compose on a page. @throws where one is no YAML */
function servicesIn(page: string): readonly (readonly [string, ComposeService])[] {
  return Array.from(page.matchAll(/^```yaml\n([^]*?)^```/gm), ([, text = '']) => text).flatMap((text) => {
    // Twice the same key is an error, and so is an alias of nothing.
    const { services } = parse(text, { strict: true }) as {
      services: Readonly<Record<string, ComposeService>>;
    };
    return Object.entries(services);
  });
}

function environmentOf({ environment = {} }: ComposeService): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
}

/** Returns which variables the service asks the environment for, and reads them as it does at its start. */
function variablesRead(environment: Readonly<Record<string, string>>): ReadonlySet<string> {
  const asked = new Set<string>();
  readConfiguration(
    new Proxy(
      { ...environment },
      {
        get: (target, name) => {
          asked.add(String(name));
          return Reflect.get(target, name) as string | undefined;
        },
      },
    ),
  );
  return asked;
}

describe('The documents of interfaces', () => {
  it('are one for each', () => {
    expect(Object.keys(PAGES).sort()).toEqual([...INTERFACE_NAMES].sort());
  });

  it.each(INTERFACE_NAMES)('have a row for %s in the first table of all', (name) => {
    const rows = readFileSync(join(DOCS, 'interfaces.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`| \`${name}\` |`));
    expect(rows).toHaveLength(1);
    const { document, heading } = PAGES[name];
    if (heading === null && name !== 'mcp') {
      expect(rows[0]).toContain(`](${document})`);
    }
  });

  it.each(INTERFACE_NAMES)('have a snippet for Compose with which %s is served', (name) => {
    const environments = servicesIn(readPage(name))
      .filter(([service]) => service === 'api')
      .map(([, service]) => environmentOf(service));
    expect(environments).toHaveLength(1);
    for (const environment of environments) {
      expect(environment['INTERFACES']?.split(',')).toContain(name);
      // The keys are mounted by a file of Compose beside the snippet.
      const keys = environment['INTERFACE_KEYS'] ? { API_KEYS_FILE: '/etc/pycell/keys/keys.json' } : {};
      const read = variablesRead({ BUILD: 'cloud', ...keys, ...environment });
      expect(Object.keys(environment).filter((variable) => !read.has(variable))).toEqual([]);
    }
  });

  it.each(Object.entries(SETTINGS))('say what to set where %s was called so far', (name, settings) => {
    const lines = readPage(name as keyof typeof SETTINGS).split('\n');
    const head = lines.findIndex((line) => /^\| (variable|client)\b/.test(line));
    const length = lines.slice(head).findIndex((line) => !line.startsWith('|'));
    const [, separator = '', ...rows] = lines.slice(head, head + length);
    expect(head).toBeGreaterThan(-1);
    expect(separator).toMatch(/^(\|-+)+\|$/);
    for (const setting of settings) {
      expect(rows.filter((row) => row.includes(`\`${setting}\``))).not.toEqual([]);
    }
    // One of them is the address of the service.
    expect(rows.join('\n')).toMatch(/`[^`]*(http:\/\/)?(pycell|api:8080)[^`]*`/);
  });
});

describe('The table of clients', () => {
  const rows = readFileSync(join(DOCS, 'interfaces.md'), 'utf8')
    .split(/^(?=## )/m)
    .filter((part) => part.startsWith('## Clients\n'))
    .flatMap((part) => part.split('\n').filter((line) => line.startsWith('|')))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

  it('says of each which version, lines, checks and time', () => {
    const [head, , ...clients] = rows;
    expect(head).toEqual(['client', 'version', 'lines changed', 'checks', 'p50 with pandas']);
    expect(clients).toHaveLength(CLIENTS.length + GOLDEN.length);
    for (const [, , lines, checks, time] of clients) {
      expect([lines, Number(checks) > 0]).toEqual(['0', true]);
      // The inspector's command is a process each time.
      expect(time).toMatch(/^(\d+(\.\d)? ms|a process for each call)$/);
    }
    expect(clients.filter(([, , , , time = '']) => time.endsWith(' ms'))).toHaveLength(clients.length - 1);
  });

  it.each(CLIENTS)('has %s in the version that is installed for its tests', (client, pinned) => {
    const own = rows.filter(([name = '']) => name.startsWith(`\`${client}\``));
    expect(own.map(([, version]) => version)).toEqual([pinned()]);
  });

  it.each(GOLDEN)('has requests of %s, which name their commits', (_name, client, folder) => {
    const own = rows.filter(([name]) => name === client);
    expect(own.map(([, version]) => version)).toEqual(['golden, of the commits that they name']);
    const origins = goldenRequests(join(__dirname, '../interfaces', folder)).flatMap(({ origin }) => origin);
    expect(origins.length).toBeGreaterThan(0);
    expect(origins.filter(({ commits }) => commits.length === 0)).toEqual([]);
  });
});
