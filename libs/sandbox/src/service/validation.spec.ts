import type { Judgement } from '../policy/judgement';
import { validationOf } from './validation';

const JUDGED: Judgement = { script: '', refusal: null, unparsed: null, imports: [] };
const MAIN = {
  async: false,
  doc: null,
  parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
};
const described = (fields: object): Buffer =>
  Buffer.from(
    JSON.stringify({ syntaxError: null, imports: { known: [], missing: [] }, main: MAIN, ...fields }),
  );

describe('validationOf', () => {
  it('finds a script valid that nobody objects to', () => {
    expect(validationOf('function', JUDGED, described({}))).toEqual({
      valid: true,
      violations: [],
      syntaxError: null,
      imports: { known: [], missing: [] },
      main: MAIN,
    });
  });

  it('wants a main() in mode function only', () => {
    expect(validationOf('function', JUDGED, described({ main: null })).valid).toBe(false);
    expect(validationOf('script', JUDGED, described({}))).toMatchObject({ valid: true, main: null });
  });

  it('tells what the policy refuses, and what it could not judge', () => {
    const violation = { message: 'm', line: 1, column: 2, endLine: 1, endColumn: 3 };
    const refused = { ...JUDGED, refusal: { message: 'm', violations: [violation] } };
    expect(validationOf('function', refused, described({}))).toMatchObject({
      valid: false,
      violations: [violation],
    });
    const complex = { ...JUDGED, refusal: { message: 'too complex', violations: [] } };
    expect(validationOf('function', complex, described({})).violations).toMatchObject([
      { message: 'too complex', line: 1 },
    ]);
    const unparsed = { ...JUDGED, unparsed: { line: 3, column: 4 } };
    expect(validationOf('function', unparsed, described({})).violations).toMatchObject([
      { line: 3, column: 4 },
    ]);
    const syntaxError = { error: 'SyntaxError: invalid syntax' };
    expect(validationOf('function', unparsed, described({ syntaxError }))).toMatchObject({
      valid: false,
      violations: [],
      syntaxError,
    });
  });

  it('leaves out what is not known of a syntax error', () => {
    const syntaxError = { error: 'SyntaxError: invalid syntax (line 2)', line: 2, column: null, hint: null };
    expect(validationOf('function', JUDGED, described({ syntaxError })).syntaxError).toEqual({
      error: 'SyntaxError: invalid syntax (line 2)',
      line: 2,
    });
  });

  it('asks nothing of a policy that is off', () => {
    expect(validationOf('function', null, described({})).valid).toBe(true);
  });

  it.each([
    Buffer.from('null'),
    Buffer.from('{}'),
    described({ main: undefined }),
    Buffer.alloc(2_000_000, ' '),
  ])('takes no other form for a description', (resultJson) =>
    expect(() => validationOf('function', null, resultJson)).toThrow(),
  );
});
