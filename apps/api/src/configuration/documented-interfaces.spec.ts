import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfiguration } from './configuration';
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

  it.each(INTERFACE_NAMES.filter((name) => name !== 'mcp'))(
    'have a table of what to set where %s was called so far',
    (name) => {
      const heads = readPage(name)
        .split('\n')
        .filter((line) => /^\| (variable|client)\b/.test(line));
      expect(heads.length).toBeGreaterThan(0);
    },
  );
});
