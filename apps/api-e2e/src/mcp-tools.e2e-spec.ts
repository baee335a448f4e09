import { mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { McpClient, type McpTool } from './harness/mcp-client';

const FORECAST = `"""Of the module."""
import datetime

def main(city: str, day: datetime.date, hours: int = 24):
    """Says how warm it will be.

    Args:
        city: Where.
        hours: How far ahead.
    """
    print(city)
    return {"city": city, "weekday": day.strftime("%A"), "hours": hours}
`;
const BIG = '123456789012345678901234567890';
const DIGITS = `"""Counts."""\ndef main(n: int = ${BIG}):\n    return n\n`;
/** From a change in the folder to the tool: two looks, and a description. */
const IN_FORCE_MS = 5_000;

describeCloud('A script as a tool', () => {
  let folder: string;
  let server: ApiServer;
  let mcp: McpClient;

  /** As editors do: a file is whole from its first moment. */
  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, `.${name}`), text);
    renameSync(join(folder, `.${name}`), join(folder, name));
  };
  const namesOf = (tools: readonly McpTool[]): readonly string[] => tools.map(({ name }) => name);
  const untilTools = (isSo: (names: readonly string[]) => boolean) =>
    eventually(async () => namesOf(await mcp.tools()), isSo, server.patienceMs(IN_FORCE_MS));
  const warnings = (): readonly string[] =>
    server.logRecords.map(({ msg }) => String(msg)).filter((message) => message.startsWith('MCP_TOOLS'));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-tools-'));
    write('forecast.py', FORECAST);
    write('echo.py', '"""Gives back what it is given."""\ndef main(**values):\n    return values\n');
    write('digits.py', DIGITS);
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp', MCP_TOOLS: folder });
    mcp = new McpClient(server.client);
    await untilTools((names) => ['forecast', 'echo', 'digits'].every((name) => names.includes(name)));
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('has the docstring as its description, and the signature of main() as its schema', async () => {
    const forecast = (await mcp.tools()).find(({ name }) => name === 'forecast');
    expect(forecast?.description).toMatch(/^Says how warm it will be\./);
    expect(forecast?.inputSchema).toMatchObject({
      type: 'object',
      properties: {
        city: { type: 'string', description: 'Where.' },
        day: { type: 'string', format: 'date' },
        hours: { type: 'integer', default: 24, description: 'How far ahead.' },
      },
      required: ['city', 'day'],
      additionalProperties: false,
    });
    expect((await mcp.tools()).find(({ name }) => name === 'echo')?.description).toBe(
      'Gives back what it is given.',
    );
  });

  it('is called with its arguments as inputs', async () => {
    const { body } = await mcp.call('forecast', '{"city":"Oslo","day":"2024-02-29"}');
    expect(body.result?.structuredContent).toMatchObject({
      status: 'completed',
      result: { city: 'Oslo', weekday: 'Thursday', hours: 24 },
      stdout: 'Oslo\n',
    });
  });

  it('has the digits of what it is called with', async () => {
    const { text } = await mcp.call('echo', `{"n": ${BIG}, "x": 1.0}`);
    expect(text).toContain(`"result":{"n": ${BIG}, "x": 1.0}`);
  });

  it('has the digits of its defaults, and so has what validate_python tells of a script', async () => {
    const member = `"n":{"type":"integer","default":${BIG}}`;
    expect((await mcp.request('tools/list')).text).toContain(member);
    const { text } = await mcp.call('validate_python', JSON.stringify({ script: DIGITS, mode: 'function' }));
    expect(text).toContain(member);
    // As the text for a model, too.
    expect(text).toContain(JSON.stringify(member).slice(1, -1));
  });

  it.each([
    ['{"city":"Oslo"}', 'INVALID_INPUTS', '"day" is missing'],
    ['{"city":"Oslo","day":"2024-02-29","hour":1}', 'INVALID_INPUTS', 'did you mean "hours"?'],
    ['{"city":"Oslo","day":"soon"}', 'INVALID_INPUTS', 'cannot become a date'],
    ['{"city":"Oslo","city":"Rome"}', 'INVALID_REQUEST', 'has the key "city" twice'],
  ])('says what is wrong with %s', async (given, code, message) => {
    const { body } = await mcp.call('forecast', given);
    expect(body.result?.isError).toBe(true);
    expect(body.result?.structuredContent.error).toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it('comes, changes and goes with its file', async () => {
    write('fresh.py', '"""Is new."""\ndef main():\n    return 1\n');
    await untilTools((names) => names.includes('fresh'));
    expect((await mcp.call('fresh', '{}')).body.result?.structuredContent.result).toBe(1);
    write('fresh.py', '"""Is new."""\ndef main():\n    return 22\n');
    await eventually(
      async () => (await mcp.call('fresh', '{}')).body.result?.structuredContent.result,
      (result) => result === 22,
      server.patienceMs(IN_FORCE_MS),
    );
    rmSync(join(folder, 'fresh.py'));
    await untilTools((names) => !names.includes('fresh'));
    expect((await mcp.call('fresh', '{}')).body.error?.code).toBe(-32602);
  });

  it('is left out where it is wrong, and the log says once which line', async () => {
    write('broken.py', '"""Is wrong."""\ndef main(:\n    return 1\n');
    write('mainless.py', 'x = 1\n');
    write('run_python.py', FORECAST);
    symlinkSync('/etc/passwd', join(folder, '.passwd.py'));
    renameSync(join(folder, '.passwd.py'), join(folder, 'passwd.py'));
    const told = await eventually(
      () => warnings(),
      (messages) => messages.length >= 4,
      server.patienceMs(IN_FORCE_MS),
    );
    expect(told).toContainEqual(expect.stringMatching(/broken\.py is left out: line 2: SyntaxError/));
    expect(told).toContainEqual(expect.stringMatching(/mainless\.py is left out: it has no main\(\)/));
    expect(told).toContainEqual(
      expect.stringMatching(/run_python\.py is left out: .* give the file another name/),
    );
    expect(told).toContainEqual(expect.stringMatching(/passwd\.py is left out: it is a symbolic link/));
    expect(namesOf(await mcp.tools())).toEqual([
      'run_python',
      'validate_python',
      'digits',
      'echo',
      'forecast',
    ]);
    write('last.py', '"""Is there."""\ndef main():\n    return 1\n');
    await untilTools((names) => names.includes('last'));
    expect(warnings()).toHaveLength(4);
  });

  it('executes nothing of a script that nobody calls', async () => {
    write(
      'loud.py',
      'print("executed at once")\n"""Not the docstring."""\ndef main():\n    """Is quiet."""\n',
    );
    await untilTools((names) => names.includes('loud'));
    const { body } = await mcp.call('loud', '{}');
    expect(body.result?.structuredContent.stdout).toBe('executed at once\n');
    expect(server.log).not.toContain('executed at once');
  });
});
