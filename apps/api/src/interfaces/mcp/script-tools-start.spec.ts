import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InterfaceClients } from '../door/interface-clients';
import type { ForeignValidation, InterfaceExecutions } from '../door/interface-executions';
import type { InterfaceSettings } from '../door/interface-settings';
import { ScriptTools } from './script-tools';

const PARAMETERS = { type: 'object', properties: {}, required: [], additionalProperties: false } as const;
const DESCRIBED: ForeignValidation = {
  kind: 'described',
  description: {
    valid: true,
    violations: [],
    syntaxError: null,
    imports: { known: [], missing: [] },
    main: { async: false, doc: 'Does it.', parameters: PARAMETERS },
  },
};
const BUSY: ForeignValidation = {
  kind: 'failed',
  code: 'SANDBOX_BUSY',
  message: 'The queue is full',
  stdout: '',
  stderr: '',
  artifacts: [],
};

describe('ScriptTools while the service starts', () => {
  let folder: string;
  let tools: ScriptTools;
  const validate = jest.fn<Promise<ForeignValidation>, unknown[]>();

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] });
    folder = mkdtempSync(join(tmpdir(), 'pycell-tools-'));
    writeFileSync(join(folder, 'a.py'), 'x = 1');
    validate.mockReset().mockResolvedValue(DESCRIBED);
    tools = new ScriptTools(
      { toolsFolder: folder } as InterfaceSettings,
      { validate } as unknown as InterfaceExecutions,
      { ofService: () => ({}) } as unknown as InterfaceClients,
    );
  });

  afterEach(() => {
    tools.onApplicationShutdown();
    jest.useRealTimers();
    rmSync(folder, { recursive: true });
  });

  it('lets who asks wait until each script has been looked at', async () => {
    const asked = tools.untilRead();
    await tools.look();
    expect(await asked).toBe(true);
    expect(await tools.untilRead()).toBe(true);
    expect([...tools.all.keys()]).toEqual(['a']);
  });

  it('does so while the sandbox has no room, and for some seconds only', async () => {
    validate.mockResolvedValue(BUSY);
    await tools.look();
    const asked = tools.untilRead();
    jest.advanceTimersByTime(8_000);
    expect(await asked).toBe(false);
    validate.mockResolvedValue(DESCRIBED);
    const second = tools.untilRead();
    await tools.look();
    expect(await second).toBe(true);
  });

  it('lets nobody wait after the first minute', async () => {
    validate.mockResolvedValue(BUSY);
    tools.onApplicationBootstrap();
    jest.advanceTimersByTime(60_000);
    expect(await tools.untilRead()).toBe(true);
  });
});
