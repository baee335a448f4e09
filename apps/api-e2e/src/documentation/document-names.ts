import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CHECKOUT, readDocument } from './code-blocks';

/** What the clients come with. */
const CLIENTS: readonly string[] = ['libs/api-client/README.md', 'clients/python/README.md'];

/** The documents whose blocks are run. */
export const GUIDES: readonly string[] = [
  'README.md',
  'docs/api.md',
  ...documentsIn('docs/guides'),
  ...CLIENTS,
];

/** Every document that speaks of the present. Decisions and the changelog speak of their time. */
export const DOCUMENTS: readonly string[] = [
  ...documentsIn('.').filter((name) => name !== 'CHANGELOG.md'),
  ...documentsIn('docs'),
  ...documentsIn('docs/guides'),
  ...CLIENTS,
];

function documentsIn(folder: string): readonly string[] {
  return readdirSync(join(CHECKOUT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** Returns the relative links of a document that lead nowhere. */
export function brokenLinksOf(name: string): readonly string[] {
  const targets = Array.from(
    readDocument(name).matchAll(/\]\(([^)#\s]+)[^)]*\)/g),
    ([, target]) => target ?? '',
  );
  return targets.filter(
    (target) => !/^[a-z]+:/.test(target) && !existsSync(join(CHECKOUT, dirname(name), target)),
  );
}

/** Methods of MCP look like files of ours. */
const METHODS: readonly string[] = ['tools/list', 'tools/call'];

/** Returns the files and folders of this repository that a document names and that are not there. */
export function missingPathsOf(name: string): readonly string[] {
  const paths = Array.from(
    readDocument(name).matchAll(/`((?:apps|clients|libs|tools|infra|docs)\/[\w./-]*)`/g),
    ([, path]) => path ?? '',
  );
  return paths.filter((path) => !METHODS.includes(path) && !existsSync(join(CHECKOUT, path)));
}
