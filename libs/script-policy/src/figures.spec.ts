import type { ScriptPolicy } from './index';
import { loadInstalledPolicy } from './loaded-policy.contract';
import { allowNames, DEFAULT_POLICY_RULES } from './policy-rules';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

const WAYS_TO_IMPORT = [
  'import pandas',
  'import pandas as pd',
  'import numpy as np, pandas as pd',
  'import pandas.core.frame',
  'from pandas import DataFrame',
  'from pandas import *',
  'from pandas.testing import assert_frame_equal',
  'import importlib; pd = importlib.import_module("pandas")',
  'import ｐａｎｄａｓ',
  'def load():\n  import pandas',
];
const WAYS_TO_DRAW = [
  'df.plot()',
  'df.plot(kind="bar")',
  'df.plot.line(x="a")',
  'df["a"].plot.hist(bins=3)',
  'df.hist()',
  'df["a"].hist()',
  'df.boxplot(column="a")',
  'df.groupby("a").boxplot()',
  'df.groupby("a")["b"].sum().plot()',
  'f = df.plot',
  'draw(df.plot)',
  'df.plot.bar.__doc__',
  'ax = df . plot (\n)',
  'df.ｐｌｏｔ()',
  'f"{df.plot()}"',
  'def main():\n  return [g.hist() for _, g in df.groupby("a")]',
  '@df.plot\ndef f(): pass',
  'df.plot.colour = 1',
  'pd.plotting.scatter_matrix(df)',
  'pd.plotting.register_matplotlib_converters()',
];
const BY_IMPORT_ALONE = [
  'import pandas.plotting',
  'import pandas.plotting as pp',
  'import pandas as pd, pandas.plotting',
  'from pandas.plotting import scatter_matrix',
  'from pandas.plotting import *',
  'from pandas import plotting',
  'from pandas import DataFrame, plotting as pp',
];
const NO_DRAWING = [
  'x = 1',
  'df.describe()',
  'df.histogram()',
  'df.plots()',
  'plot(df)',
  'hist = 1\nhist',
  'df["plot"]',
  'x = "df.plot()"',
  '# df.plot()',
  'f(plot=1)',
  'self.plot = 1',
  'self.plot, x.hist = 1, 2',
  'for self.plot in y: pass',
  'with f() as self.plot: pass',
  'del self.plot',
  'def plot(): pass',
  'class A:\n  def hist(self): pass',
];
const WITHOUT_PANDAS = ['import numpy as np', 'import pandasql', 'from . import pandas', 'pandas = 1', ''];

const needsMatplotlib = (script: string): boolean => policy.check(script).imports.includes('matplotlib');

describe('a script that draws by pandas needs matplotlib', () => {
  test.each(WAYS_TO_IMPORT)('%j, whatever draws then, and wherever it is written', (statement) => {
    for (const drawing of WAYS_TO_DRAW) {
      expect([drawing, needsMatplotlib(`${statement}\n${drawing}`)]).toEqual([drawing, true]);
      expect([drawing, needsMatplotlib(`${drawing}\n${statement}`)]).toEqual([drawing, true]);
    }
  });

  test.each(BY_IMPORT_ALONE)('%j alone says so', (script) => {
    expect(needsMatplotlib(script)).toBe(true);
  });

  test('what it will need comes after what it imports, and only once', () => {
    expect(policy.check('import pandas\ndf.plot()\nimport json').imports).toEqual([
      'pandas',
      'json',
      'matplotlib',
    ]);
    expect(policy.check('import matplotlib, pandas\ndf.plot()').imports).toEqual(['matplotlib', 'pandas']);
  });

  test('it is no import that could be refused', () => {
    const rules = { ...DEFAULT_POLICY_RULES, blockedModules: ['matplotlib'] };
    expect(policy.check('import pandas\ndf.plot()', rules).violations).toEqual([]);
    expect(policy.check('import matplotlib', rules).violations).toHaveLength(1);
  });

  test('the rules and the mode have no part in it', () => {
    const rules = allowNames(DEFAULT_POLICY_RULES, ['open', 'input', 'os']);
    const script = 'import pandas\nopen("x")\ndf.plot()';
    for (const mode of ['function', 'script'] as const) {
      expect(policy.check(script, rules, { mode }).imports).toEqual(['pandas', 'matplotlib']);
      expect(policy.check(script, DEFAULT_POLICY_RULES, { mode }).imports).toEqual(['pandas', 'matplotlib']);
    }
  });
});

describe('matplotlib is not said to be needed', () => {
  test.each(NO_DRAWING)('with pandas for %j', (script) => {
    for (const statement of WAYS_TO_IMPORT) expect(needsMatplotlib(`${statement}\n${script}`)).toBe(false);
  });

  test.each(WITHOUT_PANDAS)('after %j, whatever an attribute is called', (statement) => {
    for (const drawing of WAYS_TO_DRAW) {
      expect([drawing, needsMatplotlib(`${statement}\n${drawing}`)]).toEqual([drawing, false]);
    }
  });

  test('where the script does not parse, which says nothing of imports at all', () => {
    expect(policy.check('import pandas\ndf.plot(').imports).toEqual([]);
  });
});

test('targets are still read as far as they are read', () => {
  const scripts = [
    'eval.plot = 1',
    'del eval.plot',
    'eval.x.plot = 1',
    'for eval.plot in y: pass',
    'f(eval).plot = 1',
  ];
  for (const script of scripts) expect(policy.check(script).violations).toHaveLength(1);
});
