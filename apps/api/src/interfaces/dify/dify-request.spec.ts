import { goldenRequests } from '../door/golden.contract';
import { difyRequestOf, problemOfLanguage } from './dify-request';

const RUNS = goldenRequests(__dirname).filter(({ method }) => method === 'POST');

describe('What Dify sends', () => {
  it.each(RUNS.filter(({ body }) => body['language'] === 'python3').map((golden) => [golden.file, golden]))(
    'is one program, as it is: %s',
    (_file, { body }) => {
      const { preload, ...others } = body;
      const alone = { request: { script: body['code'], mode: 'script' }, addedLines: 0 };
      expect(difyRequestOf(others, false)).toEqual(alone);
      expect(difyRequestOf({ ...others, preload: '' }, true)).toEqual(alone);
      if (preload !== undefined && preload !== '') {
        expect(difyRequestOf(body, false)).toEqual({
          request: {
            script: `exec(compile(${JSON.stringify(preload)}, "preload.py", "exec"))\n${String(body['code'])}`,
            mode: 'script',
          },
          addedLines: 1,
        });
      }
    },
  );

  it('is refused in another language than Python, which is named', () => {
    expect(difyRequestOf({ language: 'nodejs', code: 'x' }, false)).toBe(
      'unsupported language "nodejs": this sandbox runs "python3" only',
    );
    expect(difyRequestOf({ language: 'x'.repeat(5000), code: 'x' }, false)).toHaveLength(115);
    expect(problemOfLanguage(undefined)).toMatch(/^language is missing/);
  });

  it.each([[undefined], [''], [5], [null], [['print(1)']]])(
    'is refused with %p in the place of its code',
    (code) => {
      expect(difyRequestOf({ language: 'python3', code }, false)).toMatch(/^code is missing/);
    },
  );

  const scriptOf = (preload: unknown, code = 'x = 1', isJudged = false): unknown => {
    const read = difyRequestOf({ language: 'python3', code, preload }, isJudged);
    return typeof read === 'string' ? read : read.request.script;
  };

  it('runs a preload in front of its code, as it is or in base64', () => {
    const fronted = 'exec(compile("import json\\n# \u00e9", "preload.py", "exec"))\nx = 1';
    expect(scriptOf('import json\n# \u00e9')).toBe(fronted);
    expect(scriptOf(Buffer.from('import json\n# \u00e9').toString('base64'))).toBe(fronted);
    // Of base64's characters, and no text in it.
    expect(scriptOf('abcd')).toContain('compile("abcd",');
    expect(scriptOf(Buffer.from([0, 1, 2]).toString('base64'))).toContain('compile("AAEC",');
  });

  it.each([undefined, null, '', ' \n'])('runs nothing in front for %j', (preload) => {
    expect(scriptOf(preload)).toBe('x = 1');
  });

  it('refuses a preload that cannot run', () => {
    expect(scriptOf(5)).toMatch(/^preload must be a text/);
    expect(scriptOf('import json', 'x = 1', true)).toMatch(/^preload is not run for a key with a policy/);
    expect(scriptOf('import json', 'from __future__ import (\n  annotations)\n')).toMatch(
      /^preload cannot run in front of a code whose/,
    );
  });
});
