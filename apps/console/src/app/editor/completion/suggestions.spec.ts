import { DEFAULT_POLICY_RULES } from '@pycell/script-policy';
import { importableModules } from './importable-modules';
import { SNIPPETS } from './snippets';
import { suggestionsAt } from './suggestions';

const PYTHON = {
  packages: [
    { name: 'matplotlib', version: '3.11.2' },
    { name: 'numpy', version: '2.4.6' },
    { name: 'python-dateutil', version: '4.0.0' },
  ],
  modules: ['array', 'dateutil', 'json', 'math', 'nturl2path', 'numpy', 'os', 'pylab', 'sys'],
};
const MODULES = importableModules(PYTHON, DEFAULT_POLICY_RULES);

function labels(linePrefix: string): string[] {
  return suggestionsAt(linePrefix, MODULES, DEFAULT_POLICY_RULES).map(({ label }) => label);
}

describe('importableModules', () => {
  const names = MODULES.map(({ name }) => name);

  it('has the sandbox’s packages by the names that scripts import them by', () => {
    expect(names).toEqual(['array', 'dateutil', 'json', 'math', 'nturl2path', 'numpy', 'pylab']);
    expect(MODULES.find(({ name }) => name === 'pylab')?.detail).toBe('matplotlib 3.11.2');
    expect(MODULES.find(({ name }) => name === 'dateutil')?.detail).toBe('python-dateutil 4.0.0');
    expect(MODULES.find(({ name }) => name === 'math')?.detail).toBe('mathematical functions');
    expect(MODULES.find(({ name }) => name === 'nturl2path')?.detail).toBe('standard library');
  });

  it('has nothing that the policy blocks', () => {
    for (const blocked of DEFAULT_POLICY_RULES.blockedModules) expect(names).not.toContain(blocked);
  });

  it('has a blocked module where the service allows it', () => {
    const allowed = importableModules(PYTHON, { blockedModules: [], blockedNames: [] });
    expect(allowed.map(({ name }) => name)).toEqual(expect.arrayContaining(['os', 'sys']));
  });
});

describe('suggestionsAt', () => {
  it.each(['import ', 'import nu', '    import js', 'from ', 'import math, ', 'import numpy as np, '])(
    'offers modules behind %p',
    (prefix) => {
      expect(labels(prefix)).toEqual([
        ...MODULES.map(({ name }) => name),
        ...DEFAULT_POLICY_RULES.blockedModules,
      ]);
    },
  );

  it.each([
    'from math import ',
    'import numpy as ',
    'x.',
    'np.ar',
    '12',
    '# mai',
    'print("mai',
    "f('it\\'s ",
  ])('offers nothing behind %p', (prefix) => {
    expect(labels(prefix)).toEqual([]);
  });

  it('offers snippets and built-ins where a statement starts', () => {
    expect(labels('ma')).toEqual(expect.arrayContaining(['main', 'array', 'try', 'print', 'sorted']));
  });

  it('offers only expressions inside of a statement', () => {
    expect(labels('x = ')).toEqual(expect.arrayContaining(['listcomp', 'len']));
    expect(labels('x = ')).not.toContain('main');
  });

  it.each([
    ['x = ', 'eval', /blocks `eval`.*ast\.literal_eval/],
    ['x = ', 'open', /blocks `open`.*pathlib/],
    ['import ', 'os', /blocks `os`.*pathlib/],
  ])(
    'offers behind %p the blocked name %s as blocked, with the way that is open',
    (prefix, name, blocked) => {
      const suggestions = suggestionsAt(prefix, MODULES, DEFAULT_POLICY_RULES);
      expect(suggestions.filter(({ label }) => label === name)).toEqual([
        expect.objectContaining({
          detail: expect.stringMatching(/^blocked: \S/),
          blocked: expect.stringMatching(blocked),
        }),
      ]);
      const free = suggestionsAt(prefix, MODULES, { blockedModules: [], blockedNames: [] });
      expect(free.filter((one) => one.blocked !== undefined)).toEqual([]);
    },
  );

  it('offers no snippet whose package the sandbox does not have', () => {
    expect(labels('data')).not.toContain('dataframe');
  });

  it('offers snippets that bring along what they use', () => {
    for (const { body, uses = [] } of SNIPPETS) {
      for (const name of uses) expect(body).toMatch(new RegExp(`^(?:import|from) ${name} `, 'm'));
    }
    expect(SNIPPETS.find(({ body }) => body.includes('@dataclass'))?.uses).toEqual(['dataclasses']);
  });

  it('offers a snippet again behind a closed string', () => {
    expect(labels('x = "a" + ')).toContain('len');
  });
});
