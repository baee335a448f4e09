import type { CheckedFields } from '../door/checked-fields';
import type { ForeignClient } from '../door/foreign-client';
import type { InterfaceExecutions } from '../door/interface-executions';
import { McpTools } from './mcp-tools';
import type { ScriptTool } from './script-tool';
import type { ScriptTools } from './script-tools';
import { Splices } from './spliced-text';

describe('McpTools', () => {
  const refused = jest.fn();
  const client = { refused, signal: new AbortController().signal } as unknown as ForeignClient;
  const call = (scripts: Pick<ScriptTools, 'all' | 'untilRead'>) =>
    new McpTools(
      {
        execute: () =>
          Promise.resolve({
            kind: 'completed',
            resultJson: Buffer.from('7'),
            stdout: '',
            stderr: '',
            artifacts: [],
          }),
      } as unknown as InterfaceExecutions,
      {
        read: (json: Buffer) =>
          Promise.resolve({ inputs: { bytes: json.subarray('{"inputs":'.length, -1) } }),
      } as unknown as CheckedFields,
      scripts as ScriptTools,
    ).call('mine', null, client, new Splices());

  it('knows no tool of another name, once all have been read', async () => {
    expect(await call({ all: new Map(), untilRead: () => Promise.resolve(true) })).toBeNull();
  });

  it('says to come again where a tool may not have been read yet', async () => {
    const result = await call({ all: new Map(), untilRead: () => Promise.resolve(false) });
    expect(result?.isError).toBe(true);
    expect(result?.structuredContent['error']).toMatchObject({ code: 'SANDBOX_BUSY', retryAfterSeconds: 5 });
    expect(refused).toHaveBeenCalledWith('SANDBOX_BUSY');
  });

  it('calls a tool that has been read while it was waited for', async () => {
    const all = new Map<string, ScriptTool>();
    const untilRead = (): Promise<boolean> => {
      all.set('mine', { inputSchema: { properties: {} } } as ScriptTool);
      return Promise.resolve(true);
    };
    expect((await call({ all, untilRead }))?.structuredContent).toMatchObject({ status: 'completed' });
  });
});
