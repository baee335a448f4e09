import { mayHavePrelude, withoutPrelude, withPrelude } from './prelude';

describe('A prelude', () => {
  it('is one line, whatever the arguments hold', () => {
    const script = withPrelude('print(1)\n', ['a\nb', '"', '\u2028', '\\', "'"], true);
    expect(script.split('\n')).toHaveLength(3);
    expect(script).toContain('["a\\nb","\\"",');
    expect(script.endsWith('\nprint(1)\n')).toBe(true);
  });

  it('touches the import path only where files may be imported', () => {
    expect(withPrelude('x', [], true)).toContain('path.insert(0, "")');
    expect(withPrelude('x', ['1'], false)).not.toContain('path');
  });

  it('stands before no import of the future', () => {
    expect(mayHavePrelude('"""Doc."""\nfrom __future__ import annotations\n')).toBe(false);
    expect(mayHavePrelude('from __futures__ import x\n# from __future__\nprint("from __future__")')).toBe(
      true,
    );
  });

  it('is taken out of the lines that Python names, and of nothing else', () => {
    const text = 'Traceback:\n  File "script.py", line 3, in <module>\n  File "other.py", line 3\nline 3\n';
    expect(withoutPrelude(text)).toBe(
      'Traceback:\n  File "script.py", line 2, in <module>\n  File "other.py", line 3\nline 3\n',
    );
  });
});
