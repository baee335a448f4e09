import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@pycell/contracts';
import { readConfiguration } from './configuration';

/** A row of a table in docs/configuration.md. */
interface DocumentedVariable {
  readonly name: string;
  readonly fallback: string;
  readonly range: string;
}

const DOCUMENT = readFileSync(join(__dirname, '../../../../docs/configuration.md'), 'utf8');

/** Reads the tables by the names of their columns. */
function documentedVariables(): readonly DocumentedVariable[] {
  let head: readonly string[] = [];
  return DOCUMENT.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells[1] === 'variable') {
      head = cells;
    }
    const cell = (column: string): string => (cells[head.indexOf(column)] ?? '').replaceAll('`', '');
    return /^`[A-Z_]+`$/.test(cells[1] ?? '')
      ? [{ name: cell('variable'), fallback: cell('default'), range: cell('range') }]
      : [];
  });
}

/** The variables of traces are judged where traces are wanted. */
const WITH_TRACES: NodeJS.ProcessEnv = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

function problemsOf(environment: NodeJS.ProcessEnv): string {
  try {
    readConfiguration({ ...WITH_TRACES, ...environment });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** What only the console's server, the set-up and the tests read. */
const READ_ELSEWHERE =
  /^(CONSOLE_HOST|CONSOLE_FILES|API_URL|API_UPSTREAM|SANDBOX_REQUIREMENTS|SANDBOX_PACKAGES|CHROMIUM|PYCELL_SEED)$/;
const READ_HERE = documentedVariables().filter(({ name }) => !READ_ELSEWHERE.test(name));
/**
 * Room for the largest TMP_SIZE_MB, which must not exceed half of the memory; and bodies that are small enough for the
 * smallest MAX_HELD_BODY_BYTES.
 */
const ROOM: NodeJS.ProcessEnv = {
  BUILD: 'cloud',
  MEMORY_LIMIT_MB: '32768',
  TMP_SIZE_MB: '1',
  MAX_INPUTS_BYTES: '2',
};

describe('docs/configuration.md', () => {
  it('has tables that can be read', () => {
    expect(READ_HERE.length).toBeGreaterThan(25);
  });

  it.each(READ_HERE.filter(({ range }) => range.includes(' to ')))(
    'says which numbers $name takes: $range',
    ({ name, range }) => {
      const [smallest = NaN, largest = NaN] = range.split(' to ').map(Number);
      for (const fine of [smallest, largest]) {
        expect(problemsOf({ ...ROOM, [name]: String(fine) })).not.toContain(`${name} is`);
      }
      for (const wrong of [smallest / 2 - 0.001, largest + 1]) {
        expect(problemsOf({ ...ROOM, [name]: String(wrong) })).toContain(`${name} is`);
      }
    },
  );

  it.each(READ_HERE.filter(({ range }) => /^[\w-]+(, [\w-]+)+$/.test(range)))(
    'says which words $name takes: $range',
    ({ name, range }) => {
      expect(problemsOf({ [name]: 'x' })).toContain(`expected one of ${range}`);
    },
  );

  it.each(READ_HERE.filter(({ fallback }) => /^[\w.]+$/.test(fallback) && !/^(empty|none)$/.test(fallback)))(
    'says what $name is by default: $fallback',
    ({ name, fallback }) => {
      expect(readConfiguration({ ...WITH_TRACES, [name]: fallback })).toEqual(readConfiguration(WITH_TRACES));
    },
  );
});

describe('.env.example', () => {
  const text = readFileSync(join(__dirname, '../../../../.env.example'), 'utf8');

  it.each(Object.values(LIMITS))('has the default of $variable', ({ variable, default: fallback }) => {
    expect(new RegExp(`^#${variable}=(.*)$`, 'm').exec(text)?.[1]).toBe(String(fallback));
  });
});
