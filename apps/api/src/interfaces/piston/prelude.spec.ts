import { withPrelude } from './prelude';

const scriptOf = (script: string, args: readonly string[] = ['1'], modules: readonly string[] = []) =>
  withPrelude(script, args, modules)?.script ?? null;

describe('A prelude', () => {
  it('is one line, whatever the arguments hold', () => {
    const preluded = withPrelude('print(1)\n', ['a\nb', '"', '\u2028', '\\', "'"], ['a\nb.py']);
    expect(preluded?.addedLines).toBe(1);
    expect(preluded?.script.split('\n')).toHaveLength(3);
    expect(preluded?.script).toContain('["a\\nb","\\"",');
    expect(preluded?.script.endsWith('\nprint(1)\n')).toBe(true);
  });

  it('touches the import path only where files may be imported', () => {
    expect(scriptOf('x', [], ['lib.py'])).toContain('path.insert(0, "")');
    expect(scriptOf('x')).not.toContain('path');
  });

  it('forgets modules of the names of files, and of packages, but for those that Python begins with', () => {
    const modules = ['json.py', 'random/__init__.py', 'os.py', 'io/__init__.py', 'a/b.py', '__init__.py'];
    expect(scriptOf('x', [], modules)).toContain(' in {"json","random","__init__"} and ');
    for (const others of [[], ['a/b.py'], ['os.py', 'encodings/__init__.py', '__main__.py']]) {
      expect(scriptOf('x', [], others)).not.toContain('modules.pop');
    }
  });

  it('stands behind imports of the future, on their line', () => {
    const script = '"""Doc."""\nfrom __future__ import annotations, division  # why\nx = 1\n';
    const preluded = withPrelude(script, ['1'], []);
    expect(preluded?.addedLines).toBe(0);
    expect(preluded?.script).toMatch(
      /^"""Doc."""\nfrom __future__ import annotations, division {2}; import sys .*# why\nx = 1\n$/,
    );
    expect(scriptOf('from __future__ import (annotations)\nx')).toMatch(
      /^from __future__ import \(annotations\); import/,
    );
  });

  it.each([
    'from __future__ import (\n  annotations\n)\n',
    'from __future__ import annotations, \\\n  division\n',
    'from __future__ import annotations; x = 1\n',
    '# why\n\n"""Doc."""\nfrom __future__ import annotations\nfrom __future__ import (division,\n)\n',
  ])('has no place where they are no line of their own: %j', (script) => {
    expect(withPrelude(script, ['1'], [])).toBeNull();
  });

  it.each([
    ['"""Doc."""\nx', '"""Doc."""; ', '\nx'],
    ["# why\n\n'a \\' b'  # why\nx", "# why\n\n'a \\' b'; ", '  # why\nx'],
    ['r"""a\nfrom __future__ import b\n"""', 'r"""a\nfrom __future__ import b\n"""; ', ''],
  ])('leaves the text of a program on itself what it is: %j', (script, before, after) => {
    const preluded = withPrelude(script, ['1'], []);
    expect(preluded?.addedLines).toBe(0);
    expect(preluded?.script.startsWith(`${before}import sys `)).toBe(true);
    expect(preluded?.script.endsWith(`del _pycell_sys${after}`)).toBe(true);
  });

  it.each(['"a".strip()\nx', '"a" + \\\n"b"', '"no end\nx', '"""no end\nx', 'f"a"\nx', 'b"a"\nx', ''])(
    'stands in front where there is none: %j',
    (script) => {
      expect(withPrelude(script, ['1'], [])).toMatchObject({ addedLines: 1 });
      expect(scriptOf(script)?.endsWith(`\n${script}`)).toBe(true);
    },
  );

  it('takes nothing else for an import of the future', () => {
    const script = 'from __futures__ import x\n# from __future__\nprint("from __future__")';
    expect(withPrelude(script, ['1'], [])?.addedLines).toBe(1);
  });

  it('is made in no time of what is long', () => {
    const begin = performance.now();
    for (const script of [
      `from __future__ import${' '.repeat(200_000)}`,
      `from __future__ import a${' ,'.repeat(100_000)}`,
      'from __future__ import (\n'.repeat(8_000),
      'from __future__ import a\n'.repeat(8_000),
      '\n'.repeat(8_000_000),
      '#\n'.repeat(4_000_000),
      `"""${'a'.repeat(8_000_000)}`,
      `"""${'\\'.repeat(8_000_000)}`,
    ]) {
      withPrelude(script, ['1'], []);
    }
    // Were it the square of the length, it would be hours.
    expect(performance.now() - begin).toBeLessThan(20_000);
  });
});
