import { resolve } from 'node:path';
import type { Manner, SandboxOptions } from '@pycell/sandbox';
import type { EnvironmentReader } from './environment';

/** Interfaces of other services that can be served, and that of models (MCP). */
export const INTERFACE_NAMES = ['mcp', 'dify', 'ragflow', 'piston', 'judge0'] as const;
export type InterfaceName = (typeof INTERFACE_NAMES)[number];

/** The largest script of an interface, Unicode code points: models and workflows wrap scripts in much of their own. */
export const INTERFACE_SCRIPT_SIZE = 200_000;

/** What the clients of these want of an execution; those of the others want what ours do. */
const MANNERS: Readonly<Partial<Record<InterfaceName, Manner>>> = {
  dify: 'program',
  ragflow: 'component',
  piston: 'program',
  judge0: 'program',
};

/** Returns what is wanted of executions at an interface. By its name alone: no request, and no job that is kept, can say it. */
export function mannerAt(name: string): Manner | undefined {
  return isInterface(name) ? MANNERS[name] : undefined;
}

/** Which interfaces of others are served, and how. */
export interface InterfacesOptions {
  /** Those that are served; none by default. */
  readonly names: readonly InterfaceName[];
  /**
   * Names of keys: whose terms hold at an interface for requests that send no key. Its own clients may not be able to. Who can
   * reach that interface has what the key has.
   */
  readonly keys: Readonly<Partial<Record<InterfaceName, string>>>;
  /** The folder with scripts of which each is a tool of MCP; null where there are none. */
  readonly toolsFolder: string | null;
}

/** Reads INTERFACES, INTERFACE_KEYS and MCP_TOOLS. */
export function readInterfaces(
  reader: EnvironmentReader,
  build: SandboxOptions['build'],
  hasKeys: boolean,
): InterfacesOptions {
  const listed = reader.list('INTERFACES', []);
  const unknown = listed.filter((name) => !isInterface(name));
  if (unknown.length > 0) {
    reader.problem('INTERFACES', unknown.join(','), `names of ${INTERFACE_NAMES.join(', ')}`, null);
  }
  const names = INTERFACE_NAMES.filter((name) => listed.includes(name));
  if (names.length > 0 && build === 'local') {
    reader.problem(
      'INTERFACES',
      names.join(','),
      'none with BUILD=local: what comes there is judged by no policy, and there is no jail behind it',
      null,
    );
  }
  const folder = reader.text('MCP_TOOLS');
  if (folder !== undefined && !names.includes('mcp')) {
    reader.problem('MCP_TOOLS', folder, 'INTERFACES=mcp beside it', null);
  }
  return {
    names,
    keys: readKeys(reader, names, hasKeys),
    toolsFolder: folder === undefined ? null : resolve(folder),
  };
}

function readKeys(
  reader: EnvironmentReader,
  names: readonly InterfaceName[],
  hasKeys: boolean,
): InterfacesOptions['keys'] {
  const keys: Partial<Record<InterfaceName, string>> = {};
  for (const entry of reader.list('INTERFACE_KEYS', [])) {
    const [name = '', key = '', ...rest] = entry.split('=').map((part) => part.trim());
    if (!isInterface(name) || !names.includes(name) || key === '' || rest.length > 0) {
      reader.problem(
        'INTERFACE_KEYS',
        entry,
        'entries such as ragflow=NAME, of an interface in INTERFACES and the name of a key',
        null,
      );
    } else {
      keys[name] = key;
    }
  }
  if (Object.keys(keys).length > 0 && !hasKeys) {
    reader.problem('INTERFACE_KEYS', Object.keys(keys).join(','), 'API_KEYS_FILE beside it', null);
  }
  return keys;
}

function isInterface(name: string): name is InterfaceName {
  return (INTERFACE_NAMES as readonly string[]).includes(name);
}
