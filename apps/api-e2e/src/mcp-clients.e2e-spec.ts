import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ApiServer } from './harness/api-server';
import { describeCloud } from './harness/jail-support';
import { keyHeader, KeysFile } from './harness/keys-file';
import type { McpAnswer, McpTool } from './harness/mcp-client';

const PROGRAM = join(__dirname, 'harness/mcp-sdk.mjs');
const CLIENT = '@modelcontextprotocol/client';
const PANDAS = 'import pandas as pd\npd.DataFrame({"a": [1, 2, 6]})["a"].mean()';
/** Calls of which the middle one is told. */
const TIMES = 20;
const FIGURE = 'import matplotlib.pyplot as plt\nplt.plot([1, 2])\n"done"';

interface Told {
  readonly server: { readonly name: string };
  readonly era: string;
  readonly tools: readonly McpTool[];
  readonly milliseconds: readonly number[];
  readonly results: readonly (NonNullable<McpAnswer['result']> & { readonly thrown?: string })[];
}

describeCloud("MCP by the official SDK's client", () => {
  const keys = new KeysFile();
  const key = keys.add('model');
  let server: ApiServer;
  let checks = 0;
  let pandas: readonly number[] = [];

  beforeAll(async () => {
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp', API_KEYS_FILE: keys.path });
  });

  afterAll(async () => {
    await server.stop();
    keys.dispose();
    const median = [...pandas].sort((one, other) => one - other)[Math.floor(pandas.length / 2)] ?? NaN;
    console.log(
      `${CLIENT} ${versionOf(CLIENT)}: ${checks} checks, pandas in ${median.toFixed(1)} ms (p50 of ${pandas.length})`,
    );
  });

  const ask = async (
    calls: readonly object[],
    negotiation?: string | object,
    timed?: object,
  ): Promise<Told> => {
    const url = new URL('/mcp', server.client.baseUrl).href;
    const asked = JSON.stringify({ url, headers: keyHeader(key), negotiation, calls, timed });
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, asked]);
    // Each result is looked at; calls that are timed are not counted.
    checks += calls.length;
    return JSON.parse(stdout) as Told;
  };

  it.each([
    ['as it is', undefined, 'legacy'],
    ['by the newest revision', { pin: '2026-07-28' }, 'modern'],
    ['by the newest that both know', 'auto', 'modern'],
  ])('%s: finds the tools, and takes every result by its schema', async (_how, negotiation, era) => {
    const told = await ask(
      [
        { name: 'run_python', arguments: { script: 'print("hello")\n{"n": [1, 2.5, None]}' } },
        { name: 'run_python', arguments: { script: FIGURE } },
        { name: 'run_python', arguments: { script: '1/0' } },
        { name: 'run_python', arguments: { script: 1 } },
        { name: 'validate_python', arguments: { script: 'def main(a: int): pass', mode: 'function' } },
        { name: 'validate_python', arguments: { script: 'x = (' } },
      ],
      negotiation,
    );
    expect(told.era).toBe(era);
    expect(told.server.name).toBe('pycell');
    expect(told.tools.map(({ name }) => name)).toEqual(['run_python', 'validate_python']);
    const [value, figure, failed, refused, valid, invalid] = told.results;
    expect(told.results.map(({ thrown }) => thrown)).toEqual(Array(6).fill(undefined));
    expect(value?.structuredContent).toMatchObject({ status: 'completed', result: { n: [1, 2.5, null] } });
    expect(figure?.content.map(({ type }) => type)).toEqual(['text', 'image']);
    expect(failed).toMatchObject({
      isError: true,
      structuredContent: {
        error: { code: 'SCRIPT_ERROR', line: 1, message: expect.stringContaining('ZeroDivisionError') },
      },
    });
    expect(refused).toMatchObject({
      isError: true,
      structuredContent: { error: { code: 'INVALID_REQUEST' } },
    });
    expect(valid?.structuredContent).toMatchObject({ valid: true });
    expect(invalid?.structuredContent).toMatchObject({ valid: false });
  });

  it('computes with pandas as often as it asks', async () => {
    const call = { name: 'run_python', arguments: { script: PANDAS } };
    const { results, milliseconds } = await ask([call], undefined, { call, times: TIMES });
    expect(results[0]?.structuredContent.result).toBe(3);
    expect(milliseconds).toHaveLength(TIMES);
    pandas = milliseconds;
  });

  it('is told of a tool that is not there', async () => {
    const { results } = await ask([{ name: 'rm', arguments: {} }]);
    expect(results[0]?.thrown).toMatch(/There is no tool "rm"/);
  });
});

function versionOf(name: string): string {
  const file = resolve(__dirname, '../../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
}
