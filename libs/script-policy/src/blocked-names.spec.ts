import { DEFAULT_POLICY_RULES, type ScriptPolicy } from './index';
import { complaints, loadInstalledPolicy } from './loaded-policy.contract';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

describe('a builtin that is blocked is found', () => {
  test.each(DEFAULT_POLICY_RULES.blockedNames.map((name) => [name]))('%s', (name) => {
    expect(complaints(policy, `def main():\n    return ${name}("x")`)).toEqual([`${name}(`]);
  });

  test.each([
    ['eval("1")'],
    ['eval ("1")'],
    ['(eval)("1")'],
    ['f = eval'],
    ['f = g = eval'],
    ['f, g = 1, eval'],
    ['map(eval, xs)'],
    ['[eval]'],
    ['{"a": eval}'],
    ['{eval: 1}'],
    ['eval if a else b'],
    ['a and eval'],
    ['not eval'],
    ['eval.__call__("1")'],
    ['eval["x"]'],
    ['x[eval:1]'],
    ['return_ = (yield eval)'],
    ['@eval\ndef f(): pass'],
    ['@decorate(eval)\nclass A: pass'],
    ['def f(a=eval): pass'],
    ['def f(*, a: int = eval): pass'],
    ['def f(a: eval): pass'],
    ['def f(*args: eval): pass'],
    ['def f() -> eval: pass'],
    ['x: eval = 1'],
    ['x: list[eval] = 1'],
    ['lambda a=eval: a'],
    ['lambda: eval'],
    ['def f():\n  def g():\n    return eval'],
    ['class A(eval): pass'],
    ['class A(metaclass=eval): pass'],
    ['class A:\n  x = eval'],
    ['f(key=eval)'],
    ['f(*eval)'],
    ['f(**eval)'],
    ['f"{eval}"'],
    ['f"{x:{eval}}"'],
    ['f"{x:{y:{eval}}}"'],
    ['f"{x!r:>{eval(1)}}"'],
    ["f'''{\neval\n}'''"],
    ['rf"\\{eval}"'],
    ['f"{{{eval}}}"'],
    ['f"{eval=}"'],
    ['f"{eval:=5}"'],
    ['f"{eval:=^5}"'],
    ['f"{x:={eval}}"'],
    ['f"{1:=10,.2f}{eval}"'],
    ['"a" f"{eval}"'],
    ['[eval(x) for x in y]'],
    ['[x for x in eval("y")]'],
    ['[x for x in y if eval(x)]'],
    ['[x for y in z for x in eval(y)]'],
    ['{x: eval(x) for x in y}'],
    ['f(eval(x) for x in y)'],
    ['[eval for eval in eval]'],
    ['for x in eval("y"): pass'],
    ['for eval in eval("y"): pass'],
    ['while eval(x): pass'],
    ['with eval(x) as y: pass'],
    ['with eval(x) as eval: pass'],
    ['assert eval'],
    ['raise eval'],
    ['raise x from eval'],
    ['del x[eval]'],
    ['x[eval] = 1'],
    ['eval.x = 1'],
    ['eval[0]: int'],
    ['try: pass\nexcept eval: pass'],
    ['try: pass\nexcept eval as e: pass'],
    ['match eval:\n  case 1: pass'],
    ['match x:\n  case eval(): pass'],
    ['match x:\n  case eval.y: pass'],
    ['match x:\n  case {eval.y: 1}: pass'],
    ['match x:\n  case 1 if eval(x): pass'],
    ['async def f():\n  await eval(x)'],
    ['async def f():\n  async with eval(x): pass'],
    ['async def f():\n  async for x in eval(y): pass'],
    ['print(eval)'],
    ['type(eval)'],
    ['ｅｖａｌ("1")'],
    ['𝐞𝐯𝐚𝐥("1")'],
    ['ᵉval("1")'],
    ['# note\reval("1")'],
    ['x = """\\"""\n"""; eval("1")'],
    ['r"\\""; eval'],
    ['x = r"\\\\"; eval("1") #"'],
    ['b"\\N{"; eval("1") #}"'],
    ['x = (1 ==\n# note\n  eval)'],
    ['def f():\n    x = (1 +\neval)'],
    ['class A:\n    @p\n  # note\n    def f(self): eval'],
  ])('%j', (script) => {
    expect(complaints(policy, script)).toEqual(['eval(']);
  });

  test('the two of a ligature are one name', () => {
    expect(complaints(policy, 'ﬁle("x")')).toEqual(['file(']);
  });

  test('__import__ of a blocked module is one violation, for its name', () => {
    expect(complaints(policy, '__import__("os")')).toEqual(['__import__(']);
  });

  test('__import__ under another name is one violation for the name and one for the import', () => {
    expect(complaints(policy, 'im = __import__\nim("os")')).toEqual(['__import__(', 'import os']);
  });

  test('each use is a violation of its own, in source order', () => {
    expect(complaints(policy, 'open(input())\nimport os\neval(exec)')).toEqual([
      'open(',
      'input(',
      'import os',
      'eval(',
      'exec(',
    ]);
  });
});

describe('what only has the name of a blocked builtin is fine', () => {
  test.each([
    ['df.eval("a + b")'],
    ['re.compile("x")'],
    ['obj.open()'],
    ['obj.open.x = 1'],
    ['obj.eval: int = 1'],
    ['reopen("x")'],
    ['evaluate("x")'],
    ['eval_("x")'],
    ['"eval(1)"'],
    ["'''\neval(1)\n'''"],
    ['# eval(1)'],
    ['def f():\n    """open(x)"""'],
    ['f"eval(1)"'],
    ['f"{{eval}}"'],
    ['f"{x:eval}"'],
    ['f"{x:=open}"'],
    ['x: "eval" = 1'],
    ['g(compile=1)'],
    ['dict(open=1, file=2, input=3)'],
    ['class A:\n  def open(self): pass\n  def eval(self): return self.open()'],
    ['match x:\n  case A(open=1): pass'],
    ['import a.open'],
    ['from a import open as b'],
    ['x = lambda: 0\nx.exec()'],
    ['print("x", file=None)'],
  ])('%j', (script) => {
    expect(complaints(policy, script)).toEqual([]);
  });
});
