import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApiServer } from './harness/api-server';
import { EmptyProject } from './harness/empty-project';
import { JAIL_FAULT } from './harness/jail-support';

const SCRIPT = `'def main(prices, big):\\n    print("adding")\\n    return {"total": sum(prices), "big": big + 1}'`;
const INPUTS = '{ prices: [3, 4.5], big: 2n ** 70n }';
const PRINTED = 'adding\n 7.5 1180591620717411303425 2\n';

/** What a program without types does, whatever its kind of module. */
const javaScript = (url: string): string => `
async function main() {
  const client = new PycellClient({ baseUrl: '${url}', integers: 'bigint' });
  let printed = '';
  let result;
  for await (const event of client.stream({ script: ${SCRIPT}, inputs: ${INPUTS} })) {
    if (event.type === 'stdout') printed += event.text;
    if (event.type === 'result') result = event.result;
  }
  try {
    await client.execute({ script: 'def main():\\n    return 1 / 0' });
  } catch (error) {
    if (!isScriptError(error)) throw error;
    console.log(printed, result.total, String(result.big), error.line);
  }
}
void main();
`;

const typeScript = (url: string): string => `
import { isScriptError, type InputFile, PycellClient, type RunEvent, type RunResult } from '@pycell/api-client';

interface Sum {
  readonly total: number;
  readonly big: bigint;
}
const files: InputFile[] = [{ name: 'a.bin', content: Uint8Array.of(1, 2) }];

async function main(): Promise<void> {
  const client = new PycellClient({ baseUrl: '${url}', integers: 'bigint' });
  const ended: RunResult<Sum> = await client.execute<Sum>({ script: ${SCRIPT}, inputs: ${INPUTS}, files });
  const events: RunEvent[] = [];
  for await (const event of client.stream({ script: 'def main():\\n    return 1 / 0' })) {
    events.push(event);
  }
  const last = events.find((event) => event.type === 'error');
  const line: number | null = isScriptError(last?.error) ? last.error.line : null;
  console.log(ended.stdout, ended.result.total, String(ended.result.big), line);
}
void main();
`;

// npm and tsc are programs of their own, which take their time where the machine does other work besides.
jest.setTimeout(180_000);

describe('The TypeScript client, installed into an empty folder', () => {
  const project = new EmptyProject();
  let server: ApiServer;
  let files: readonly string[];

  beforeAll(async () => {
    const packed = await project.pack('libs/api-client');
    ({ files } = packed);
    await project.install(packed.tarball);
    server = await ApiServer.start({ BUILD: process.env[JAIL_FAULT] === '' ? 'cloud' : 'local' });
  });

  afterAll(async () => {
    await server.stop();
    project.dispose();
  });

  it('brings its licence, its README, and what is built, and no other package', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/index.js',
        'dist/index.d.ts',
        'dist/esm/index.js',
      ]),
    );
    const others = files.filter((name) => !/^dist\/.*\.(js|js\.map|d\.ts)$/.test(name));
    expect(others.toSorted()).toEqual(['LICENSE', 'README.md', 'package.json']);
    expect(files.filter((name) => /spec|testing/.test(name))).toEqual([]);
    const modules = join(project.folder, 'node_modules');
    expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['@pycell']);
    expect(readdirSync(join(modules, '@pycell'))).toEqual(['api-client']);
  });

  it.each([
    ['CommonJS', 'user.cjs', "const { isScriptError, PycellClient } = require('@pycell/api-client');"],
    ['ES modules', 'user.mjs', "import { isScriptError, PycellClient } from '@pycell/api-client';"],
  ])('runs a program of %s', async (_kind, name, head) => {
    project.write(name, head + javaScript(server.client.baseUrl));
    expect(await project.node(name)).toEqual({ status: 0, stdout: PRINTED, stderr: '' });
  });

  const NODE_TYPES = [
    '--types',
    'node',
    '--typeRoots',
    dirname(dirname(require.resolve('@types/node/package.json'))),
  ];

  it.each([
    ['node16, of ES modules', 'user.mts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['node16, of CommonJS', 'user.cts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['bundler', 'user.mts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
    ['node10, which reads no exports', 'user.cts', ['--module', 'commonjs', '--moduleResolution', 'node10']],
    [
      "node16, with Node's types and none of browsers",
      'user.mts',
      ['--module', 'node16', '--lib', 'es2023', ...NODE_TYPES],
    ],
  ])(
    'has types for tsc --strict with moduleResolution %s, and what is compiled runs',
    async (_kind, name, options) => {
      project.write(name, typeScript(server.client.baseUrl));
      expect(await project.tsc(name, options)).toEqual({ status: 0, stdout: '', stderr: '' });
      const compiled = join('out', name.replace(/ts$/, 'js'));
      expect(await project.node(compiled)).toEqual({ status: 0, stdout: PRINTED, stderr: '' });
    },
  );

  it('has types that say what is wrong', async () => {
    project.write(
      'wrong.mts',
      `import { PycellClient } from '@pycell/api-client';
const client = new PycellClient({ baseUrl: 'http://127.0.0.1:8080' });
export const count: string = (await client.modules()).length;
await client.execute({ skript: '' });
`,
    );
    const { status, stdout } = await project.tsc('wrong.mts', ['--module', 'node16', '--noEmit']);
    expect(status).not.toBe(0);
    expect(
      Array.from(stdout.matchAll(/^wrong\.mts\((\d),\d+\): error (TS\d+)/gm), ([, line, code]) => [
        line,
        code,
      ]),
    ).toEqual([
      ['3', 'TS2322'],
      ['4', 'TS2561'],
    ]);
  });
});
