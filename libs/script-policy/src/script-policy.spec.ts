import { allowNames, countCodePoints, DEFAULT_POLICY_RULES, ScriptPolicy } from './index';
import { normalizeScript } from './normalize-script';
import { installedWasm, loadInstalledPolicy } from './loaded-policy.contract';
import { PARSE_LIMITS, PythonParser } from './python-parser';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

describe('positions', () => {
  test.each([
    ['open', 1, 1, 1, 5],
    ['x = open', 1, 5, 1, 9],
    ['\n\n  \nopen', 4, 1, 4, 5],
    ['"é" + open', 1, 7, 1, 11],
    ['"😀" + open', 1, 7, 1, 11],
    ['"😀😀"\n"😀" + open', 2, 7, 2, 11],
    ['"e\u0301" + open', 1, 8, 1, 12],
    ['𝐨𝐩𝐞𝐧', 1, 1, 1, 5],
    ['if x:\n\topen', 2, 2, 2, 6],
    ['a\r\nb\ropen', 3, 1, 3, 5],
    ['x = """\n\n""" + open', 3, 7, 3, 11],
    ['x = (1 +\n# note\nopen)', 3, 1, 3, 5],
  ])('of the name in %j are %d:%d to %d:%d', (script, line, column, endLine, endColumn) => {
    expect(policy.check(script).violations).toMatchObject([
      {
        rule: 'blocked-name',
        message: 'Dangerous operation detected: open(',
        line,
        column,
        endLine,
        endColumn,
      },
    ]);
  });

  test('stay right where the parser reads the text in several pieces', () => {
    for (let length = 5110; length < 5125; length++) {
      const script = `"${'x'.repeat(length)}${'😀'.repeat(20)}"\n"😀", open`;
      expect(policy.check(script).violations).toMatchObject([{ line: 2, column: 6 }]);
    }
  });
});

describe('control characters', () => {
  test.each([
    ['x = "\0"', 'U+0000', 1, 6],
    ['x = 1\n# \x1b[0m', 'U+001B', 2, 3],
    ['"""\n\x7f"""', 'U+007F', 2, 1],
    ['\x84', 'U+0084', 1, 1],
    ['x = "\x9b"', 'U+009B', 1, 6],
    ['a\x08b', 'U+0008', 1, 2],
    ['import os\x00', 'U+0000', 1, 10],
    ['def (\x01', 'U+0001', 1, 6],
  ])('%j is refused for %s', (script, name, line, column) => {
    const analysis = policy.check(script);
    expect(analysis.violations).toMatchObject([
      {
        rule: 'control-character',
        message: `Control character ${name} is not allowed in a script`,
        line,
        column,
        endLine: line,
        endColumn: column + 1,
      },
    ]);
    expect(analysis.parseError).toBeNull();
  });

  test.each([
    ['\tx'],
    ['x = "\t"'],
    ['x\f'],
    ['x\r\ny'],
    ['x\ry'],
    ['x = "\u00a0\u2028\ufeff"'],
    ['x = "\x0b\x1c\x1d\x1e\x1f\x85" # \x0b'],
  ])('%j holds none', (script) => {
    expect(policy.check(script).violations).toEqual([]);
  });
});

describe('a script that does not parse', () => {
  test.each([['def main(:'], ['import os\ndef'], ['open("x'], ['x = = 1'], ['eval(1))'], ['if x\n  pass']])(
    '%j has a parse error and no violations',
    (script) => {
      const { violations, imports, parseError } = policy.check(script);
      expect(parseError).toEqual({ line: expect.any(Number), column: expect.any(Number) });
      expect(violations).toEqual([]);
      expect(imports).toEqual([]);
    },
  );

  test.each([
    ['f"{x:=^40}"'],
    ['f"{x:=>8} {y:==5}"'],
    ['f"{x:=+10,.2f}"'],
    ['def f():\n  x = (a ==\n# note\n  b)'],
    ['def f():\n    return (a and\nb, lambda:\n1)'],
    ["def f():\n    return (a +\\\nb +\n\"#\" +\n'''(''')"],
    ['class A:\n    @property\n# it\'s """ here\n    def f(self): pass'],
    ['match = 1; case = 2; type = 3; print = 4; _ = match'],
    ['print -1'],
    ['async def f():\n  return [x async for x in y if await z]'],
    ['try: pass\nexcept* (A, B) as e: pass'],
  ])('is not %j, which CPython accepts', (script) => {
    expect(policy.check(script).parseError).toBeNull();
  });
});

describe('scripts made to be hard', () => {
  const deep = (open: string, middle: string, close: string, depth: number): string =>
    open.repeat(depth) + middle + close.repeat(depth);

  test.each([
    ['parentheses', deep('(', 'open', ')', 4990)],
    ['lists', deep('[', 'open', ']', 4990)],
    ['unary minus', `${'-'.repeat(9990)}open`],
    ['not', `${'not '.repeat(2490)}open`],
    ['attributes', `open${'.b'.repeat(4990)}`],
    ['calls', `open${'()'.repeat(4990)}`],
    ['additions', `open${'+1'.repeat(4990)}`],
    ['powers', `${'1**'.repeat(3300)}open`],
    ['lambdas', `${'lambda:'.repeat(1400)}open`],
    ['conditions', `${'a if b else '.repeat(800)}open`],
    ['assignments', `${'a='.repeat(4990)}open`],
    ['walruses', deep('(a:=', 'open', ')', 1900)],
    ['dictionaries', deep('{1:', 'open', '}', 2400)],
    ['comprehensions', deep('[', 'open', ' for x in y]', 750)],
    ['format specifications', `f"${deep('{x:', '{open}', '}', 100)}"`],
    ['patterns', `match open:\n case ${deep('[', 'a', ']', 4900)}: pass`],
    ['elif', `if a: pass\n${'elif b: pass\n'.repeat(700)}else: open`],
  ])('%s nested to the limit of a script are checked', (_, script) => {
    expect(policy.check(script).violations).toMatchObject([{ rule: 'blocked-name' }]);
  });

  test.each([
    ['('.repeat(9990)],
    ['([{'.repeat(3300)],
    ['f"{'.repeat(3300)],
    ["'''".repeat(3333)],
    ["\\'''".repeat(2500)],
    ['def class if '.repeat(750)],
    [deep("f'{", 'x', "}'", 1600)],
    ['\ud800'],
    ['x = "\udc00"'],
    ['\ufeffx = 1'],
    [''],
    ['\n'],
  ])('%.20j does not throw', (script) => {
    expect(() => policy.check(script)).not.toThrow();
  });

  test('a script that keeps the parser busy is refused, and the next one is checked', () => {
    const clock = jest.spyOn(Date, 'now');
    let now = 0;
    clock.mockImplementation(() => (now += PARSE_LIMITS.timeoutMs + 1));
    const { violations } = policy.check('x = 1\n'.repeat(1000));
    clock.mockRestore();
    expect(violations).toMatchObject([
      { rule: 'too-complex', message: expect.stringContaining('too complex') },
    ]);
    expect(policy.check('x = 1').violations).toEqual([]);
    expect(policy.check('open').violations).toHaveLength(1);
  });

  test('patience is asked for in the midst of the recovery from errors, and the parse ends soon after it', () => {
    const asked = jest.fn(() => true);
    policy.check('not:'.repeat(250), DEFAULT_POLICY_RULES, { patience: asked });
    expect(asked.mock.calls.length).toBeGreaterThan(16);
    let left = 5;
    const impatient = jest.fn(() => left-- > 0);
    const { violations } = policy.check('not:'.repeat(2_500), DEFAULT_POLICY_RULES, {
      patience: impatient,
    });
    expect(violations).toMatchObject([{ rule: 'too-complex' }]);
    expect(impatient).toHaveBeenCalledTimes(6);
  });

  test.each([[''], [' '], ['  ']])(
    'a text is read in pieces that cut no character, %j before it',
    (before) => {
      const { violations } = policy.check(`x =${before}"${'😀'.repeat(300)}"\nopen`);
      expect(violations).toMatchObject([{ rule: 'blocked-name', line: 2, column: 1 }]);
    },
  );

  test('the same script is given up at the same place, however busy the machine is', async () => {
    const parser = await PythonParser.load(installedWasm(), {
      steps: 10,
      stepsForThousand: 1,
      timeoutMs: 60_000,
    });
    const script = deep('(', 'x', ')', 4990);
    const outcomes = [parser.parse(script), parser.parse('x = 1'), parser.parse(script)];
    expect(outcomes).toMatchObject([{ kind: 'gave-up' }, { kind: 'parsed' }, outcomes[0] ?? {}]);
  });
});

test('10,000 checks do not make the memory of the parser grow', () => {
  const scripts = [
    'import os\ndef main():\n  return [f"{x:{y}}" for x in open("x")]',
    'def (:',
    `x = ${'['.repeat(200)}${']'.repeat(200)}`,
  ];
  const checkAll = (times: number): void => {
    for (let i = 0; i < times; i++) policy.check(scripts[i % scripts.length] ?? '');
  };
  checkAll(300);
  // The ES library declares no WebAssembly, and the DOM library does not belong in a test that runs in Node.
  const { Memory } = Reflect.get(globalThis, 'WebAssembly') as { Memory: { prototype: { grow(): number } } };
  const grow = jest.spyOn(Memory.prototype, 'grow');
  checkAll(10_000);
  expect(grow).not.toHaveBeenCalled();
  grow.mockRestore();
}, 60_000);

test('policies that are loaded at the same time all work', async () => {
  const policies = await Promise.all([
    ScriptPolicy.load(installedWasm()),
    ScriptPolicy.load(installedWasm()),
  ]);
  for (const each of policies) expect(each.check('open').violations).toHaveLength(1);
  expect(policy.check('open').violations).toHaveLength(1);
});

describe('rules', () => {
  test('a name that is allowed is no violation any more, and the others still are', () => {
    const rules = allowNames(DEFAULT_POLICY_RULES, ['open', 'os']);
    expect(
      policy.check('import os, sys\nopen(eval)', rules).violations.map(({ message }) => message),
    ).toEqual(['Dangerous operation detected: import sys', 'Dangerous operation detected: eval(']);
    expect(DEFAULT_POLICY_RULES.blockedNames).toContain('open');
  });

  test('__import__ that is allowed still may not import a blocked module', () => {
    const rules = allowNames(DEFAULT_POLICY_RULES, ['__import__']);
    expect(
      policy.check('im = __import__\nim("os.path"), __import__("math")', rules).violations,
    ).toMatchObject([
      { rule: 'blocked-import', message: 'Dangerous operation detected: import os', line: 2, column: 4 },
    ]);
  });

  test.each([['opne'], ['socket'], [''], ['os.path'], [' open']])('%j cannot be allowed', (name) => {
    expect(() => allowNames(DEFAULT_POLICY_RULES, [name])).toThrow(
      `Cannot allow ${JSON.stringify(name)}: the script policy does not block it. It blocks: os, sys`,
    );
  });
});

test('normalizing makes every line end a line feed and changes nothing else', () => {
  expect(normalizeScript('a\r\nb\rc\n\r\r\nd\t\f\u2028"\\r"')).toBe('a\nb\nc\n\n\nd\t\f\u2028"\\r"');
  expect(normalizeScript('\uFEFF\uFEFFa\uFEFF')).toBe('a\uFEFF');
  expect(normalizeScript(normalizeScript('a\r\n\rb'))).toBe(normalizeScript('a\r\n\rb'));
});

test('code points are counted, not code units', () => {
  expect(countCodePoints('aé😀')).toBe(3);
  expect(countCodePoints('\ud83d')).toBe(1);
  expect(countCodePoints('')).toBe(0);
});
