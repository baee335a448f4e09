import type { ScriptPolicy } from './index';
import { loadInstalledPolicy } from './loaded-policy.contract';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

test.each([
  ['def main(): pass'],
  ['async def main(): pass'],
  ['@decorated\ndef main(): pass'],
  ['class main: pass'],
  ['main = print'],
  ['main: object = print'],
  ['a, (main, b) = x'],
  ['main += 1'],
  ['(main := print)'],
  ['[main := x for x in y]'],
  ['import x as main'],
  ['from x import main'],
  ['from x import y as main'],
  ['from x import *'],
  ['if x:\n  def main(): pass'],
  ['try:\n  from x import main\nexcept ImportError:\n  main = None'],
  ['for main in x: pass'],
  ['with x as main: pass'],
  ['try: pass\nexcept E as main: pass'],
  ['match x:\n  case main: pass'],
  ['while x:\n  main = 1'],
  ['def f():\n  global main\n  main = 1\nf()'],
  ['class A:\n  global main\n  def main(): pass'],
  ['globals()["main"] = print'],
  ['vars()["main"] = print'],
  ['locals().update(main=print)'],
  ['exec("def main(): pass")'],
  ['import builtins as b\nb.exec("def main(): pass")'],
  ['setattr(m, "main", print)'],
  ['import __main__ as m\nm.main = print'],
  ['f.__globals__["main"] = print'],
  ['m.__dict__["main"] = print'],
  ['ｍａｉｎ = 1'],
  ['def main('],
  ['\0'],
])('%j may define main', (script) => {
  expect(policy.check(script).definesMain).toBe(true);
});

test.each([
  [''],
  ['x = 1'],
  ['# def main(): pass'],
  ['"""def main(): pass"""'],
  ['def Main(): pass'],
  ['def f():\n  def main(): pass'],
  ['def f():\n  main = 1'],
  ['class A:\n  def main(self): pass'],
  ['def f(main): pass'],
  ['lambda main: main'],
  ['[main for main in x]'],
  ['main()'],
  ['main: int'],
  ['f(main=1)'],
  ['import main.x as y'],
  ['from main import x'],
])('%j cannot define main', (script) => {
  expect(policy.check(script).definesMain).toBe(false);
});
