import type { HttpClient } from '../harness/http-client';

const BIG = '123456789012345678901234567890';

/** Executes something wherever a script can: none of it may happen. */
const EAGER = `
print("ran")
raise SystemExit(1)

def trap(*arguments):
    print("ran")
    while True: pass

@trap
class Trap(trap(), metaclass=trap()):
    pass

@trap
def main(city: trap("annotation"), days: int = 7, when: "trap()" = trap("default"), *, kind=[1, "a"]) -> trap():
    """Forecast.

    Args:
        city: where
    """
`;

/** Defines what `POST /validate` answers. */
export function describeValidation(client: () => HttpClient): void {
  describe('POST /validate', () => {
    it('executes nothing: not the body, no decorator, no default, no annotation', async () => {
      const { status, body } = await client().validate({ script: EAGER });
      expect(status).toBe(200);
      expect(body).toEqual({
        valid: true,
        violations: [],
        syntaxError: null,
        imports: { known: [], missing: [] },
        main: {
          async: false,
          doc: expect.stringContaining('Forecast.') as string,
          parameters: {
            type: 'object',
            properties: {
              city: { description: 'where' },
              days: { type: 'integer', default: 7 },
              when: {},
              kind: { type: 'array', items: {}, default: [1, 'a'] },
            },
            required: ['city'],
            additionalProperties: false,
          },
        },
      });
    });

    it('has the digits of defaults as they are, also beyond those of JavaScript', async () => {
      const script = `def main(n: int = ${BIG}, x: float = 1.0, more: list = [-${BIG}, 2]): ...`;
      const { headers, text } = await client().validate({ script });
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
      expect(text).toContain(`"n":{"type":"integer","default":${BIG}}`);
      expect(text).toContain('"x":{"type":"number","default":1.0}');
      expect(text).toContain(`"default":[-${BIG},2]`);
    });

    it('tells what the policy refuses, with hints, and the modules that are there or not', async () => {
      const script = 'import os, pandas as pd, numppy\ndef main():\n    return eval("1")';
      const { body } = await client().validate({ script });
      expect(body.valid).toBe(false);
      expect(body.violations.map(({ message, line }) => [message, line])).toEqual([
        ['Dangerous operation detected: import os', 1],
        ['Dangerous operation detected: eval(', 3],
      ]);
      expect(body.violations.every(({ hint }) => hint)).toBe(true);
      expect(body.imports).toEqual({
        known: ['os', 'pandas'],
        missing: [{ name: 'numppy', nearest: 'numpy' }],
      });
    });

    it('tells the syntax error of CPython', async () => {
      const { status, body } = await client().validate({ script: 'def main():\n    return (1\n' });
      expect([status, body.valid, body.main]).toEqual([200, false, null]);
      expect(body.syntaxError).toMatchObject({
        error: "SyntaxError: '(' was never closed (line 2, column 12)",
        line: 2,
        column: 12,
      });
    });

    it('wants a main() in mode function only', async () => {
      expect((await client().validate({ script: 'x = 1' })).body).toMatchObject({ valid: false, main: null });
      const { body } = await client().validate({ script: 'x = 1', mode: 'script' });
      expect(body).toMatchObject({ valid: true, main: null });
    });

    it.each([
      [{}, 400, 'INVALID_REQUEST', /script/],
      [{ script: 1 }, 400, 'INVALID_REQUEST', /script/],
      [{ script: '', mode: 'compile' }, 400, 'INVALID_REQUEST', /mode/],
      [{ script: '', inputs: {} }, 400, 'INVALID_REQUEST', /inputs/],
      [{ script: 'x'.repeat(10_001) }, 400, 'SCRIPT_TOO_LARGE', /10001/],
    ])('refuses %j', async (body, status, code, error) => {
      const answer = await client().validate(body as never);
      expect([answer.status, answer.body.code]).toEqual([status, code]);
      expect(answer.body.error).toMatch(error);
    });

    it.each([
      ['deep', '('.repeat(5_000)],
      ['of many statements', 'x\n'.repeat(5_000)],
      ['of one long expression', `x = ${'1+'.repeat(4_990)}1`],
      [
        'of many parameters',
        `def main(${Array.from({ length: 1_500 }, (_, index) => `a${index}`).join(',')}): 0`,
      ],
    ])('describes a script that is %s, or says why not', async (_what, script) => {
      const { status, body } = await client().validate({ script });
      expect(status).toBe(200);
      expect(typeof body.valid).toBe('boolean');
    });
  });
}
