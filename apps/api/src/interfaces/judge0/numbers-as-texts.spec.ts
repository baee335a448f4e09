import { parseNumbersAsTexts } from './numbers-as-texts';

describe('Numbers in the place of texts', () => {
  it.each([
    ['42', '42'],
    ['1.0', '1.0'],
    ['-2.50', '-2.50'],
    ['12345678901234567890', '12345678901234567890'],
    ['1e3', '1e3'],
  ])('are the text that was sent: %s', (sent, text) => {
    const json = `{"stdin": ${sent}, "expected_output" :${sent}, "cpu_time_limit": 1.0, "x": ["1.0", ${sent}]}`;
    expect(parseNumbersAsTexts(json)).toEqual({
      stdin: text,
      expected_output: text,
      cpu_time_limit: 1,
      x: ['1.0', Number(sent)],
    });
  });

  it('are so in a batch', () => {
    const json =
      '{"submissions": [1.0, {"stdin": 1.0}, null, 1e2, {"expected_output": 2, "stdin": "3"}, [1.0]]}';
    expect(parseNumbersAsTexts(json)).toEqual({
      submissions: [1, { stdin: '1.0' }, null, 100, { expected_output: '2', stdin: '3' }, [1]],
    });
  });

  it.each(['{"stdin": true, "expected_output": [1.0], "source_code": 1}', '[1.0]', '1.0', 'null', '{}'])(
    'leave everything else what it is: %s',
    (json) => expect(parseNumbersAsTexts(json)).toEqual(JSON.parse(json)),
  );

  it('are none in what is no JSON', () => {
    expect(() => parseNumbersAsTexts('{"stdin": 1.}')).toThrow(SyntaxError);
  });
});
