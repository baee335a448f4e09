import { bodyOf, plainRequest } from './run-request';

describe('the body of a run', () => {
  it('is the script alone where there is nothing else', () => {
    expect(bodyOf(plainRequest('x = "é"\n'))).toBe('{"script":"x = \\"é\\"\\n"}');
  });

  it('has the inputs as they were written', () => {
    const inputs = '{ "n": 1180591620717411303424, "x": 1.0, "2": 1, "1": 2 }';
    const body = bodyOf({ ...plainRequest('s'), inputs });
    expect(body).toBe(`{"script":"s","inputs":${inputs}}`);
  });

  it('has everything that was set', () => {
    const body = bodyOf({
      script: 's',
      mode: 'script',
      inputs: '{}',
      stdin: 'a\n',
      files: [
        { name: 'a', text: '' },
        { name: 'b', base64: 'AA==' },
      ],
      limits: { timeoutMs: 5 },
    });
    expect(JSON.parse(body)).toEqual({
      script: 's',
      mode: 'script',
      inputs: {},
      stdin: 'a\n',
      files: [
        { name: 'a', text: '' },
        { name: 'b', base64: 'AA==' },
      ],
      limits: { timeoutMs: 5 },
    });
  });
});
