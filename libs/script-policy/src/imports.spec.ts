import type { ScriptPolicy } from './index';
import { complaints, loadInstalledPolicy } from './loaded-policy.contract';

let policy: ScriptPolicy;
beforeAll(async () => {
  policy = await loadInstalledPolicy();
});

describe('a blocked module is found', () => {
  test.each([
    ['import os'],
    ['import os.path'],
    ['import os.path as p'],
    ['import os as system'],
    ['import math, os'],
    ['import math as m, os.path as p'],
    ['from os import path'],
    ['from os.path import join'],
    ['from os import (\n  path,\n  sep as s,\n)'],
    ['from os import *'],
    ['import os . path'],
    ['import \\\n os'],
    ['from os.path \\\n  import join'],
    ['import ｏｓ'],
    ['import 𝐨𝐬'],
    ['import oſ'],
    ['# note\rimport os'],
    ['# note\r\nimport os'],
    ['# -*- coding: utf-7 -*-\nimport os'],
    ['x = 1; import os'],
    ['def main():\n    import os'],
    ['class A:\n  def f(self):\n    if 1:\n      import os'],
    ['try:\n  import os\nexcept ImportError:\n  pass'],
    ['lambda: 0\nimport os'],
    ['if x: import os'],
    ['import importlib\nimportlib.import_module("os")'],
    ['import importlib\nimportlib.import_module("os.path")'],
    ['import importlib as il; il.import_module("os.path")'],
    ['import importlib.util\nimportlib.import_module("os")'],
    ['from importlib import import_module\nimport_module("os")'],
    ['from importlib import import_module as im; im("os")'],
    ['from importlib import *\nimport_module("os")'],
    ['import importlib\nimportlib.__import__("os")'],
    ['from importlib import __import__ as imp\nimp("os")'],
    ['import builtins\nbuiltins.__import__("os")'],
    ['import importlib\nimportlib.import_module(name="os")'],
    ['import importlib\n(importlib).import_module(("os"))'],
    ['import importlib\n(importlib.import_module)("os")'],
    ['import importlib\nimportlib.import_module("o" "s")'],
    ['import importlib\nimportlib.import_module("\\x6fs")'],
    ['import importlib\nimportlib.import_module("\\157\\u0073")'],
    ['import importlib\nimportlib.import_module("o\\\ns")'],
    ['import importlib\nimportlib.import_module(r"os")'],
    ["import importlib\nimportlib.import_module('''os''')"],
    ['import importlib\nimportlib.import_module(f"os")'],
    ['import importlib\nf = importlib.import_module\nf("os")'],
    ['import importlib\nf = g = importlib.import_module\nf("os")'],
    ['import importlib\nil = importlib\nf = il.import_module\nh = f\ndef main():\n  h("os")'],
    ['import importlib\n(f := importlib.import_module)("os")'],
    ['import importlib\ndef f(im=importlib.import_module):\n  im("os")'],
    ['import importlib\nf"{importlib.import_module(\'os\')}"'],
  ])('%j is an import of os', (script) => {
    expect(complaints(policy, script)).toEqual(['import os']);
  });

  test.each([['sys'], ['subprocess'], ['shutil']])('%s is blocked too', (module) => {
    expect(complaints(policy, `import ${module}`)).toEqual([`import ${module}`]);
    expect(complaints(policy, `from ${module} import x`)).toEqual([`import ${module}`]);
  });

  test('each import is a violation of its own, placed at the name of the module', () => {
    const { violations } = policy.check('import os\nfrom  sys import argv');
    expect(violations).toMatchObject([
      {
        rule: 'blocked-import',
        message: 'Dangerous operation detected: import os',
        line: 1,
        column: 8,
        endLine: 1,
        endColumn: 10,
      },
      {
        rule: 'blocked-import',
        message: 'Dangerous operation detected: import sys',
        line: 2,
        column: 7,
        endLine: 2,
        endColumn: 10,
      },
    ]);
  });

  test('a call is placed at the literal that names the module', () => {
    const [violation] = policy.check('import importlib\nx = importlib.import_module("os")').violations;
    expect(violation).toMatchObject({ line: 2, column: 29, endLine: 2, endColumn: 33 });
  });
});

describe('what only looks like importing a blocked module is fine', () => {
  test.each([
    ['import math'],
    ['import osmium'],
    ['import posix_os'],
    ['import xml.os'],
    ['import numpy as os'],
    ['from math import os'],
    ['from . import os'],
    ['from .os import path'],
    ['"import os"'],
    ['"""\nimport os\n"""'],
    ['# import os'],
    ['def f():\n    """import os"""'],
    ['os = 1\nos.path'],
    ['x.import_module("os")'],
    ['import_module("os")'],
    ['def import_module(x): pass\nimport_module("os")'],
    ['import importlib\ndef f(importlib):\n  importlib.import_module("os")'],
    ['import importlib\nimportlib.import_module("math")'],
    ['import importlib\nimportlib.import_module(b"os")'],
    ['import importlib\nimportlib.import_module(name)'],
    ['import importlib\nimportlib.import_module()'],
    ['import importlib\nimportlib.reload("os")'],
    ['import importlib\nimportlib.import_module(".os", "pkg")'],
    ['import re as importlib\nimportlib.import_module("os")'],
  ])('%j', (script) => {
    expect(complaints(policy, script)).toEqual([]);
  });
});

describe('imports lists', () => {
  test.each([
    ['import numpy', ['numpy']],
    ['import os.path as p, json', ['os.path', 'json']],
    ['from a.b import c', ['a.b']],
    ['from a import b\nimport c\nfrom a import d', ['a', 'c']],
    ['from __future__ import annotations', ['__future__']],
    ['from . import x\nfrom ..y import z', []],
    ['import ｎｕｍｐｙ', ['numpy']],
    ['def main():\n  import pandas\nimport numpy', ['pandas', 'numpy']],
    ['from importlib import import_module as im\nim("x.y")\nimport z', ['importlib', 'x.y', 'z']],
    ['__import__("numpy")', ['numpy']],
    ['import a  # import b', ['a']],
    ['x = "import a"', []],
  ])('of %j: %j', (script, imports) => {
    expect(policy.check(script).imports).toEqual(imports);
  });
});
