import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { ValidateResponse } from '@pycell/contracts';
import { parseExactly } from '../door/exact-numbers';
import type { ForeignFailure } from '../door/foreign-outcome';
import type { ForeignValidation, InterfaceExecutions } from '../door/interface-executions';
import type { InterfaceClients } from '../door/interface-clients';
import type { InterfaceSettings } from '../door/interface-settings';
import { ScriptTools } from './script-tools';

const PARAMETERS = { type: 'object', properties: {}, required: [], additionalProperties: false } as const;

const described = (more: Partial<ValidateResponse> = {}): ForeignValidation => ({
  kind: 'described',
  description: {
    valid: true,
    violations: [],
    syntaxError: null,
    imports: { known: [], missing: [] },
    main: { async: false, doc: 'Does it.', parameters: PARAMETERS },
    ...more,
  },
});

const failed = (code: ForeignFailure['code'], message: string): ForeignFailure => ({
  kind: 'failed',
  code,
  message,
  stdout: '',
  stderr: '',
  artifacts: [],
});

describe('ScriptTools', () => {
  let folder: string;
  let tools: ScriptTools;
  let warn: jest.SpyInstance;
  const validate = jest.fn<Promise<ForeignValidation>, [string, ...unknown[]]>();
  const execute = jest.fn();
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  /** Twice: what has changed is read once more. */
  const look = async (): Promise<void> => {
    await tools.look();
    await tools.look();
  };
  const warned = (): readonly string[] => warn.mock.calls.map(([message]) => String(message));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-tools-'));
    warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    validate.mockReset().mockResolvedValue(described());
    execute.mockReset();
    tools = new ScriptTools(
      { toolsFolder: folder } as InterfaceSettings,
      { validate, execute } as unknown as InterfaceExecutions,
      { ofService: () => ({}) } as unknown as InterfaceClients,
    );
  });

  afterEach(() => {
    warn.mockRestore();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes a tool of each script, and looks at none twice', async () => {
    write('b.py', 'def main(): return 2');
    write('a.py', 'def main(): return 1');
    await look();
    await look();
    expect([...tools.all.values()]).toEqual([
      {
        name: 'a',
        description: 'Does it.',
        inputSchema: PARAMETERS,
        listedSchema: PARAMETERS,
        script: 'def main(): return 1',
      },
      {
        name: 'b',
        description: 'Does it.',
        inputSchema: PARAMETERS,
        listedSchema: PARAMETERS,
        script: 'def main(): return 2',
      },
    ]);
    expect(validate).toHaveBeenCalledTimes(2);
    expect(warned()).toEqual([]);
  });

  it('follows what is added, changed and taken away', async () => {
    write('a.py', 'def main(): return 1');
    await look();
    write('b.py', 'def main(): return 2');
    write('a.py', 'def main(): return 11');
    await look();
    expect([...tools.all.values()].map(({ script }) => script)).toEqual([
      'def main(): return 11',
      'def main(): return 2',
    ]);
    rmSync(join(folder, 'a.py'));
    await look();
    expect([...tools.all.keys()]).toEqual(['b']);
  });

  it('leaves out a script that is wrong, and says once where and what to do', async () => {
    validate.mockResolvedValue(
      described({ syntaxError: { error: "SyntaxError: '(' was never closed", line: 3 } }),
    );
    write('a.py', 'x = (');
    await look();
    await look();
    expect(tools.all.size).toBe(0);
    expect(warned()).toEqual([
      `MCP_TOOLS: ${folder}/a.py is left out: line 3: SyntaxError: '(' was never closed. It is read again when it changes`,
    ]);
    validate.mockResolvedValue(described());
    write('a.py', 'x = ()');
    await look();
    expect([...tools.all.keys()]).toEqual(['a']);
  });

  it('leaves out a script whose schema is too long, every digit of its defaults counted', async () => {
    const parameters = parseExactly(
      `{"properties": {"n": {"default": ${'9'.repeat(4_000)}, "description": "${'x'.repeat(62_000)}"}}}`,
    );
    validate.mockResolvedValue(
      described({ main: { async: false, doc: 'Does it.', parameters: parameters as typeof PARAMETERS } }),
    );
    write('a.py', 'def main(n=9): return n');
    await look();
    expect(tools.all.size).toBe(0);
    expect(warned()[0]).toContain('the schema of its parameters has 66');
  });

  it.each(['ümlaut', 'größe', 'x'.repeat(65)])('leaves out a script with a parameter %s', async (name) => {
    const parameters = { ...PARAMETERS, properties: { [name]: {} } };
    validate.mockResolvedValue(described({ main: { async: false, doc: 'Does it.', parameters } }));
    write('a.py', 'def main(x): return x');
    await look();
    expect(tools.all.size).toBe(0);
    expect(warned()).toEqual([
      expect.stringMatching(/its parameter ".*" has a name for which APIs of models refuse all tools/),
    ]);
  });

  it('tells once of modules that are not there', async () => {
    const missing = [
      { name: 'requests', nearest: null },
      { name: 'numppy', nearest: 'numpy' },
    ];
    validate.mockResolvedValue(described({ imports: { known: [], missing } }));
    write('a.py', 'import requests, numppy');
    await look();
    await look();
    expect([...tools.all.keys()]).toEqual(['a']);
    expect(warned()).toEqual([
      expect.stringContaining('a.py: it imports requests, which scripts do not have: a call'),
      expect.stringContaining('a.py: it imports numppy, which scripts do not have (is numpy meant?): a call'),
    ]);
  });

  it('takes away the tool of a script that has become wrong', async () => {
    write('a.py', 'def main(): return 1');
    await look();
    validate.mockResolvedValue(described({ main: null }));
    write('a.py', 'def mian(): return 1');
    await look();
    expect(tools.all.size).toBe(0);
    expect(warned()).toEqual([expect.stringContaining('it has no main() at its top level')]);
  });

  it('takes the docstring of the module where main() has none, without executing it', async () => {
    validate.mockResolvedValue(described({ main: { async: false, doc: null, parameters: PARAMETERS } }));
    execute.mockResolvedValue({ kind: 'completed', resultJson: Buffer.from('"Of the module."') });
    write('a.py', '"""Of the module."""\ndef main(): pass');
    await look();
    expect(tools.all.get('a')?.description).toBe('Of the module.');
    const [{ script, inputs }] = execute.mock.calls[0] as [{ script: string; inputs: Buffer }];
    expect(script).toContain('ast.get_docstring(ast.parse(source))');
    expect(JSON.parse(inputs.toString())).toEqual({ source: '"""Of the module."""\ndef main(): pass' });
  });

  it('leaves out a script of which nothing says what it is for', async () => {
    validate.mockResolvedValue(described({ main: { async: false, doc: null, parameters: PARAMETERS } }));
    execute.mockResolvedValue({ kind: 'completed', resultJson: Buffer.from('null') });
    write('a.py', 'def main(): pass');
    await look();
    expect(warned()).toEqual([expect.stringContaining('neither main() nor the module has a docstring')]);
  });

  it('tries again where the sandbox is busy, and keeps the tool that there was', async () => {
    write('a.py', 'def main(): return 1');
    await look();
    validate.mockResolvedValue(failed('SANDBOX_BUSY', 'The queue is full'));
    write('a.py', 'def main(): return 22');
    await look();
    expect(tools.all.get('a')?.script).toBe('def main(): return 1');
    validate.mockResolvedValue(described());
    await tools.look();
    expect(tools.all.get('a')?.script).toBe('def main(): return 22');
    expect(warned()).toEqual([]);
  });

  describe('where a look comes to nothing', () => {
    let now: jest.SpyInstance;
    let errors: jest.SpyInstance;
    const wait = (milliseconds: number): void => {
      const at = performance.now() + milliseconds;
      now.mockReturnValue(at);
    };

    beforeEach(() => {
      now = jest.spyOn(performance, 'now').mockReturnValue(1_000);
      errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
    });
    afterEach(() => {
      now.mockRestore();
      errors.mockRestore();
    });

    it.each(['TIMEOUT', 'MEMORY_LIMIT', 'SCRIPT_CRASHED', 'INTERNAL'] as const)(
      'by %s, tries again with longer pauses, and says so once',
      async (code) => {
        validate.mockResolvedValue(failed(code, 'It took too long'));
        write('a.py', 'x = 1');
        await look();
        await look();
        expect(validate).toHaveBeenCalledTimes(1);
        expect(warned()).toEqual([
          expect.stringContaining('a.py is left out: It took too long. It is looked'),
        ]);
        for (const [index, pause] of [1_000, 2_000, 4_000].entries()) {
          wait(pause - 1);
          await look();
          expect(validate).toHaveBeenCalledTimes(1 + index);
          wait(1);
          await look();
          expect(validate).toHaveBeenCalledTimes(2 + index);
        }
        validate.mockResolvedValue(described());
        wait(8_000);
        await look();
        expect([...tools.all.keys()]).toEqual(['a']);
        expect(warned()).toHaveLength(1);
      },
    );

    it('looks at once at what has changed, and tells of that anew', async () => {
      validate.mockResolvedValue(failed('TIMEOUT', 'It took too long'));
      write('a.py', 'x = 1');
      await look();
      write('a.py', 'x = 11');
      await look();
      expect(validate).toHaveBeenCalledTimes(2);
      expect(warned()).toHaveLength(2);
    });

    it('also by the run that reads its docstring', async () => {
      validate.mockResolvedValue(described({ main: { async: false, doc: null, parameters: PARAMETERS } }));
      execute.mockResolvedValue(failed('SCRIPT_CRASHED', 'Killed'));
      write('a.py', '"""Doc."""\ndef main(): pass');
      await look();
      execute.mockResolvedValue({ kind: 'completed', resultJson: Buffer.from('"Doc."') });
      wait(1_000);
      await look();
      expect(tools.all.get('a')?.description).toBe('Doc.');
    });

    it('by a fault of ours, looks at the files behind it, and has one line in the log', async () => {
      validate.mockImplementation((script) =>
        script.includes('1') ? Promise.reject(new Error('ours')) : Promise.resolve(described()),
      );
      write('a.py', 'x = 1');
      write('b.py', 'x = 2');
      await look();
      wait(1_000);
      await look();
      wait(2_000);
      await look();
      expect([...tools.all.keys()]).toEqual(['b']);
      expect(errors).toHaveBeenCalledTimes(1);
      expect(errors.mock.calls[0]).toEqual([
        {
          msg: expect.stringContaining('a.py could not be looked at') as string,
          err: expect.any(Error) as Error,
        },
      ]);
    });
  });

  it('says once when the folder cannot be read, and once when it can', async () => {
    rmSync(folder, { recursive: true });
    await look();
    expect(warned()).toEqual([expect.stringContaining('the folder cannot be read (ENOENT)')]);
  });
});
