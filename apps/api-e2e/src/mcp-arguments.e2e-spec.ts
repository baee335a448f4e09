import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParametersSchema } from '@pycell/contracts';
import { ApiServer } from './harness/api-server';
import { eventually } from './harness/eventually';
import { describeCloud } from './harness/jail-support';
import { McpClient, type McpOutcome } from './harness/mcp-client';

const SCRIPTS: Readonly<Record<string, string>> = {
  shout: `"""Says it loudly."""
def main(items: list[str], times: int = 2, flag: bool = True):
    return [item.upper() * times for item in items] if flag else None
`,
  kinds: `"""Says what comes of each value."""
import datetime, enum
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Optional
import pandas as pd

class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"

@dataclass
class Point:
    x: int
    y: float = 0.5

def main(
    day: datetime.date = None, moment: Optional[datetime.datetime] = None, money: Decimal = None,
    table: pd.DataFrame = None, days: list[datetime.date] = [], by_name: dict[str, Decimal] = {},
    pick: Literal["a", 1, None] = "a", color: Color = "red", pair: tuple[int, str] = (1, "a"), rows: list = [],
    point: Point = None, points: list[Point] = [], number: float = 1.5, whole: int = 1, either: int | list[str] = 1, any=None,
):
    sent = {name: value for name, value in locals().items() if value is not None}
    return {name: [type(value).__name__, str(value)] for name, value in sent.items()}
`,
};
/** Left out: one has a parameter that APIs of models refuse. The other is listed, and told in the log. */
const ODD: Readonly<Record<string, string>> = {
  size: '"""Measures."""\ndef main(größe: float):\n    return größe\n',
  fetches: '"""Fetches."""\nimport no_such_module_at_all\ndef main():\n    return 1\n',
};
const BIG = '123456789012345678901234567890';

describeCloud('The arguments of a script as a tool', () => {
  let folder: string;
  let server: ApiServer;
  let mcp: McpClient;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pycell-tools-'));
    for (const [name, text] of Object.entries({ ...SCRIPTS, ...ODD })) {
      writeFileSync(join(folder, `${name}.py`), text);
    }
    server = await ApiServer.start({ BUILD: 'cloud', INTERFACES: 'mcp', MCP_TOOLS: folder });
    mcp = new McpClient(server.client);
    await eventually(
      async () => (await mcp.tools()).length,
      (count) => count === 3 + Object.keys(SCRIPTS).length,
      server.patienceMs(10_000),
    );
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const outcomeOf = async (name: string, given: string): Promise<McpOutcome> => {
    const { text, body } = await mcp.call(name, given);
    if (!body.result) {
      throw new Error(`no result: ${text}`);
    }
    expect(body.result.isError).toBe(body.result.structuredContent.status === 'failed');
    return body.result.structuredContent;
  };

  it.each([
    [
      '{"items":"[\\"a\\",\\"b\\"]"}',
      'items must be an array, and is the string',
      'Send the array itself as items',
    ],
    ['{"items":"abc"}', 'items must be an array, and is the string "abc"', 'Send items as an array'],
    ['{"items":{"x":1}}', 'items must be an array, and is an object', 'Send items as an array'],
    ['{"items":["a",1]}', 'items[1] must be a string, and is 1', 'Send items[1] as a string'],
    [
      '{"items":["a"],"flag":"false"}',
      'flag must be true or false, and is the string "false"',
      'without quotes',
    ],
    ['{"items":["a"],"times":"2"}', 'times must be an integer, and is the string "2"', 'without quotes'],
    ['{"items":["a"],"times":null}', 'times must be an integer, and is null', 'Leave times out'],
  ])('are refused where they are not as the schema has them: %s', async (given, message, hint) => {
    const { error, stdout } = await outcomeOf('shout', given);
    expect(error).toEqual({
      code: 'INVALID_INPUTS',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    });
    expect(stdout).toBe('');
  });

  it('are listed in the part of JSON Schema that every client takes', async () => {
    const { kinds } = Object.fromEntries(
      (await mcp.tools()).map(({ name, inputSchema }) => [name, inputSchema as ParametersSchema]),
    );
    const json = JSON.stringify(kinds);
    expect(json).not.toContain('"type":[');
    expect(kinds?.properties).toMatchObject({
      day: { type: 'string', format: 'date' },
      moment: { type: 'string', format: 'date-time' },
      money: { anyOf: [{ type: 'number' }, { type: 'string', format: 'decimal' }] },
      rows: { type: 'array', items: {} },
      pair: { type: 'array', items: {}, minItems: 2 },
    });
    // What VS Code and APIs of models refuse all tools for.
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'array') {
        expect(value).toHaveProperty('items');
      }
      return value;
    });
  });

  it('have names that all APIs take, or the log says why there is no such tool', async () => {
    const told = server.logRecords
      .map(({ msg }) => String(msg))
      .filter((text) => text.startsWith('MCP_TOOLS'));
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(
      expect.stringMatching(/size\.py is left out: its parameter "größe" has a name/),
    );
    expect(told).toContainEqual(
      expect.stringMatching(/fetches\.py: it imports no_such_module_at_all, which/),
    );
    expect((await mcp.tools()).map(({ name }) => name).slice(2)).toEqual(['fetches', 'kinds', 'shout']);
  });

  it.each([
    ['{"pick":"zz"}', 'pick must be one of "a", 1, null, and is the string "zz"'],
    ['{"color":"green"}', 'color must be one of "red", "blue", and is the string "green"'],
    ['{"pair":[1,2]}', 'pair[1] must be a string, and is 2'],
    ['{"points":[{"x":1},{"y":1}]}', 'points[1].x is missing'],
    ['{"by_name":[]}', 'by_name must be an object, and is an array'],
    ['{"either":["a",[]]}', 'either[1] must be a string, and is an array'],
  ])('are refused within lists, classes and choices: %s', async (given, message) => {
    const { error } = await outcomeOf('kinds', given);
    expect([error?.code, error?.message]).toEqual(['INVALID_INPUTS', expect.stringContaining(message)]);
  });

  it.each([
    ['{"day":"2024-02-29"}', 'day', 'date', '2024-02-29'],
    ['{"moment":"2024-02-29T13:05:00Z"}', 'moment', 'datetime', '2024-02-29 13:05:00+00:00'],
    ['{"money":1.10}', 'money', 'Decimal', '1.10'],
    ['{"money":"1.10"}', 'money', 'Decimal', '1.10'],
    ['{"table":[{"a":1}]}', 'table', 'DataFrame', '   a\n0  1'],
    ['{"table":{"a":[1]}}', 'table', 'DataFrame', '   a\n0  1'],
    ['{"days":["2024-02-29"]}', 'days', 'list', '[datetime.date(2024, 2, 29)]'],
    ['{"by_name":{"a":"1.0"}}', 'by_name', 'dict', "{'a': Decimal('1.0')}"],
    ['{"color":"blue"}', 'color', 'str', 'blue'],
    ['{"pair":[2,"b"]}', 'pair', 'list', "[2, 'b']"],
    ['{"rows":[1,"a",[null]]}', 'rows', 'list', "[1, 'a', [None]]"],
    ['{"point":{"x":1,"z":2}}', 'point', 'dict', "{'x': 1, 'z': 2}"],
    ['{"number":7}', 'number', 'int', '7'],
    [`{"whole":${BIG}}`, 'whole', 'int', BIG],
    ['{"any":{"a":[1.0]}}', 'any', 'dict', "{'a': [1.0]}"],
  ])('come to main() as docs/inputs.md says: %s', async (given, name, type, text) => {
    const { result, error } = await outcomeOf('kinds', given);
    expect(error).toBeUndefined();
    expect((result as Readonly<Record<string, unknown>>)[name]).toEqual([type, text]);
  });

  it('may be null where main() takes None', async () => {
    const { status } = await outcomeOf('kinds', '{"moment":null,"pick":null,"point":null,"any":null}');
    expect(status).toBe('completed');
  });

  it('are looked at up to the limit of inputs', async () => {
    const { error } = await outcomeOf('shout', `{"items":[${'"a",'.repeat(250_000)}1]}`);
    expect(error?.message).toContain('items[250000] must be a string, and is 1');
  });
});
