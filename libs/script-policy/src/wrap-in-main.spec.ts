import type { ScriptPolicy } from './index';
import { loadInstalledPolicy } from './loaded-policy.contract';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

test.each([
  ['print(1)', 'def main():\n    print(1)\n'],
  ['x = 1\nx + 1\n', 'def main():\n    x = 1\n    return x + 1\n'],
  ['x = 1 + 1', 'def main():\n    x = 1 + 1\n    return x\n'],
  ['x += 1', 'def main():\n    x += 1\n'],
  ['(1 +\n 2)', 'def main():\n    return (1 +\n     2)\n'],
  ['a = 1; a', 'def main():\n    a = 1; return a\n'],
  ['from math import *\npi', 'from math import *\n\n\ndef main():\n    return pi\n'],
  ['return 5', 'def main():\n    return 5\n'],
  [
    'import math\nfrom json import dumps\n\nr = 2\nmath.pi * r\n',
    'import math\nfrom json import dumps\n\n\ndef main():\n    r = 2\n    return math.pi * r\n',
  ],
  ['import math; math.pi', 'def main():\n    import math; return math.pi\n'],
  ['"""What it does."""\nimport re\n1', '"""What it does."""\nimport re\n\n\ndef main():\n    return 1\n'],
  [
    '# A comment\nx = 1\n\n# Another\nx',
    'def main():\n    # A comment\n    x = 1\n\n    # Another\n    return x\n',
  ],
  ['for i in range(3):\n\tprint(i)\n', 'def main():\n    for i in range(3):\n    \tprint(i)\n'],
  ['t = """a\n  b\n"""\nt', 'def main():\n    t = """a\n  b\n"""\n    return t\n'],
  ['t = f"""{1 +\n1}\nx"""', 'def main():\n    t = f"""{1 +\n1}\nx"""\n    return t\n'],
  [
    'n = 0\ndef f():\n  global n\n  n += 1\nf()\nn',
    'def main():\n    global n\n    n = 0\n    def f():\n      global n\n      n += 1\n    f()\n    return n\n',
  ],
  [
    'def f():\n    return 1\n\nif __name__ == "__main__":\n    x = f()\n    print(x)\n',
    'def main():\n    def f():\n        return 1\n\n    x = f()\n    print(x)\n',
  ],
  ["if (__name__ == '__main__'):\n  5\n", 'def main():\n    return 5\n'],
  [
    'from datetime import date\ndate = date.today()\nprint(date)',
    'from datetime import date\n\n\ndef main():\n    global date\n    date = date.today()\n    print(date)\n',
  ],
  ['sum = sum([1, 2])', 'def main():\n    global sum\n    sum = sum([1, 2])\n    return sum\n'],
  ['t = """a\nb"""; t', 'def main():\n    t = """a\nb"""; return t\n'],
  ['(x := 5)', 'def main():\n    return (x := 5)\n'],
  ['if __name__ == "__main__":\n    # why\n    x = 1\n', 'def main():\n    # why\n    x = 1\n    return x\n'],
  [
    'async def f():\n  await g()\nprint(2)',
    'def main():\n    async def f():\n      await g()\n    print(2)\n',
  ],
  ['ä = "😀"\n', 'def main():\n    ä = "😀"\n    return ä\n'],
])('%j becomes a function', (script, wrapped) => {
  expect(policy.wrapInMain(script)).toBe(wrapped);
});

test.each([
  [''],
  ['# nothing'],
  ['import os'],
  ['def Main(): pass'],
  ['class A:\n  def main(self): pass'],
  ['x = 1\nfrom math import *'],
  ['await f()'],
  ['async for x in y:\n  print(x)'],
  ['def Main(): return 1\nif __name__ == "__main__":\n  main()'],
  ['count: int = 0\ndef f():\n  global count\n  count += 1\nf()'],
  ['x = ('],
])('%j stays as it is', (script) => {
  expect(policy.wrapInMain(script)).toBeNull();
});

test.each([
  ['def main(): pass\nmain()', 2, 1],
  ['def main(): pass\nprint(main())', 2, 7],
  ['def main(): pass\nx = (main())', 2, 6],
  ['def main(): pass\nprint(  main(), 2)\nmain()', 2, 9],
  ['def main(): pass\nprint("x", str(main()))\nmain()', 2, 16],
  ['import asyncio\nasync def main(): pass\nasyncio.run(main())', 3, 13],
])('the call of main in %j is found', (script, line, column) => {
  expect(policy.check(script).mainCall).toEqual({ line, column });
});

test.each([
  ['def main(): pass'],
  ['main()'],
  ['def main(): main()'],
  ['def main(): pass\nif __name__ == "__main__":\n  main()'],
  ['def main(): pass\nx.main()'],
  ['def main(): pass\nf(main)'],
  ['def main(n): pass\nprint(main(5))'],
])('%j calls main nowhere else', (script) => {
  expect(policy.check(script).mainCall).toBeNull();
});
