import 'reflect-metadata';
import { file, long, named, refusalOf } from './read-request.contract';

describe('ExecutionRequestPipe', () => {
  const TIMEOUT = 'it must be a whole number from 1 to 10000';
  const MEMORY = 'it must be a whole number from 32 to 512';

  it.each([
    // The body, and the script.
    ['null', 'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}'],
    ['[{}]', 'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}'],
    ['', 'Request body must be a JSON object such as {"script": "def main():\\n    return 1"}'],
    ['{}', 'Field script is missing, it must be a string'],
    [{ script: null }, 'Field script must be a string, not null'],
    [{ script: 5 }, 'Field script must be a string, not a number'],
    [{ script: ['x'] }, 'Field script must be a string, not an array'],
    [{ script: { a: { b: [] } } }, 'Field script must be a string, not an object'],
    [{ script: true }, 'Field script must be a string, not a boolean'],
    ['{"script":"\\ud800"}', 'Field script must be valid Unicode: it holds an unpaired surrogate'],
    ['{"script":"a","script":"b"}', 'Field "script" is sent twice'],
    ['{"script":"a","scr\\u0069pt":"b"}', 'Field "script" is sent twice'],
    // mode
    [{ script: 'x', mode: null }, 'Field mode must be "function" or "script", not null'],
    [{ script: 'x', mode: 'Script' }, 'Field mode must be "function" or "script", not "Script"'],
    [{ script: 'x', mode: ['script'] }, 'Field mode must be "function" or "script", not an array'],
    [
      { script: 'x', mode: 'm'.repeat(300) },
      `Field mode must be "function" or "script", not "${'m'.repeat(100)}…"`,
    ],
    // inputs
    [{ script: 'x', inputs: null }, 'Field inputs must be an object, not null'],
    [{ script: 'x', inputs: [1] }, 'Field inputs must be an object, not an array'],
    [{ script: 'x', inputs: '{}' }, 'Field inputs must be an object, not a string'],
    [
      '{"script":"x","inputs":{"a":1,"b":{"c":[{"a":1,"\\u0061":2}]}}}',
      'Field inputs has the key "a" twice in one object',
    ],
    [
      `{"script":"x","inputs":{"${'k'.repeat(200)}":1,"${'k'.repeat(200)}":1}}`,
      `Field inputs has the key "${'k'.repeat(100)}…" twice in one object`,
    ],
    [
      `{"script":"x","inputs":{"a":${'['.repeat(200)}${']'.repeat(200)}}}`,
      'Field inputs nests deeper than 200 levels of lists and objects',
    ],
    // stdin
    [{ script: 'x', stdin: null }, 'Field stdin must be a string, not null'],
    [{ script: 'x', stdin: 1 }, 'Field stdin must be a string, not a number'],
    [{ script: 'x', stdin: [] }, 'Field stdin must be a string, not an array'],
    ['{"script":"x","stdin":"\\udc00"}', 'Field stdin must be valid Unicode: it holds an unpaired surrogate'],
    // files
    [{ script: 'x', files: null }, 'Field files must be an array of objects, not null'],
    [{ script: 'x', files: { name: 'a' } }, 'Field files must be an array of objects, not an object'],
    [
      { script: 'x', files: [{ name: 'a', text: '' }, 'b'] },
      'Field files[1] must be an object, not a string',
    ],
    [{ script: 'x', files: [[]] }, 'Field files[0] must be an object, not an array'],
    [file({ text: '' }), 'Field files[0].name is missing, it must be a string'],
    [file({ name: 5, text: '' }), 'Field files[0].name must be a string, not a number'],
    [
      '{"script":"x","files":[{"name":"\\ud800","text":""}]}',
      'Field files[0].name must be valid Unicode: it holds an unpaired surrogate',
    ],
    [file({ name: 'a' }), 'Field files[0] must have one of text and base64'],
    [file({ name: 'a', text: '', base64: '' }), 'Field files[0] must have one of text and base64, not both'],
    [file({ name: 'a', text: null }), 'Field files[0].text must be a string, not null'],
    [file({ name: 'a', base64: 5 }), 'Field files[0].base64 must be a string, not a number'],
    [
      file({ name: 'a', base64: 'AAA' }),
      'Field files[0].base64 must be base64 (RFC 4648, with padding): 3 characters are no multiple of four: padding (=) is missing',
    ],
    [
      '{"script":"x","files":[{"name":"a","text":"\\ud800"}]}',
      'Field files[0].text must be valid Unicode: it holds an unpaired surrogate',
    ],
    ['{"script":"x","files":[{"name":"a","text":"","name":"b"}]}', 'Field "files[0].name" is sent twice'],
    [named('a', 'b', 'c', 'd'), 'Field files has 4 files, the limit is 3 (MAX_FILES)'],
    [named('b', 'a', 'a'), 'Field files[2].name is "a", as that of files[1]'],
    [named('a/b/c', 'a'), 'Field files[0].name is "a/b/c", which needs a folder where files[1] is a file'],
    [named(''), 'Field files[0].name must not be empty'],
    [
      named('/etc/passwd'),
      'Field files[0].name is "/etc/passwd", it must be relative, without a / at its beginning',
    ],
    [named('a/'), 'Field files[0].name is "a/", it must have no / at its end and none behind another'],
    [named('a//b'), 'Field files[0].name is "a//b", it must have no / at its end and none behind another'],
    [named('..'), 'Field files[0].name is "..", it must have no steps . and ..'],
    [named('a/../b'), 'Field files[0].name is "a/../b", it must have no steps . and ..'],
    [named('./a'), 'Field files[0].name is "./a", it must have no steps . and ..'],
    [
      named('output'),
      'Field files[0].name is "output", which is the folder for what a script leaves: a file may lie in it, such as "output/notes.txt"',
    ],
    [named('a\0'), 'Field files[0].name is "a\\u0000", it must have no control characters'],
    [named('a\nb'), 'Field files[0].name is "a\\nb", it must have no control characters'],
    [named('a\u0085'), 'Field files[0].name is "a\u0085", it must have no control characters'],
    [named('é'.repeat(128)), 'Field files[0].name has 256 bytes of UTF-8, the limit is 255'],
    [
      named('1/2/3/4/5/6/7/8/9'),
      'Field files[0].name is "1/2/3/4/5/6/7/8/9", which has 9 steps, the limit is 8',
    ],
    // limits
    [{ script: 'x', limits: null }, 'Field limits must be an object, not null'],
    [{ script: 'x', limits: [1] }, 'Field limits must be an object, not an array'],
    [{ script: 'x', limits: 5 }, 'Field limits must be an object, not a number'],
    [{ script: 'x', limits: { timeoutMs: 10_001 } }, `Field limits.timeoutMs is 10001, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: 0 } }, `Field limits.timeoutMs is 0, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: -5 } }, `Field limits.timeoutMs is -5, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: 1.5 } }, `Field limits.timeoutMs is 1.5, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: '5' } }, `Field limits.timeoutMs is "5", ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: true } }, `Field limits.timeoutMs is true, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: null } }, `Field limits.timeoutMs is null, ${TIMEOUT}`],
    [{ script: 'x', limits: { timeoutMs: [1] } }, `Field limits.timeoutMs is an array, ${TIMEOUT}`],
    ['{"script":"x","limits":{"timeoutMs":1e400}}', `Field limits.timeoutMs is Infinity, ${TIMEOUT}`],
    [{ script: 'x', limits: { memoryMb: 513 } }, `Field limits.memoryMb is 513, ${MEMORY}`],
    [{ script: 'x', limits: { memoryMb: 31 } }, `Field limits.memoryMb is 31, ${MEMORY}`],
    ['{"script":"x","limits":{"timeoutMs":1,"timeoutMs":1}}', 'Field "limits.timeoutMs" is sent twice'],
  ])('refuses %j', async (body, message) => {
    expect(await refusalOf(body)).toEqual({ code: 'INVALID_REQUEST', message });
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(await refusalOf(long(text))).toEqual({ code: 'INVALID_REQUEST', message });
  });

  it.each([
    [{ code: 'x' }, 'Unknown field "code"; field script is missing', 'sent as "script"'],
    [{ source: 'x' }, 'Unknown field "source"; field script is missing', 'sent as "script"'],
    [{ nothing: 'x' }, 'Unknown field "nothing"; field script is missing', 'sent as "script"'],
    [{ script: 'x', python: 'x' }, 'Unknown field "python"', 'sent as "script"'],
    [{ script: 'x', timeout: 5 }, 'Unknown field "timeout"', '"limits.timeoutMs"'],
    [{ script: 'x', run_timeout: 5 }, 'Unknown field "run_timeout"', '"limits.timeoutMs"'],
    [{ script: 'x', timeoutMs: 5 }, 'Unknown field "timeoutMs"', '"limits.timeoutMs"'],
    [{ script: 'x', memory_limit: 5 }, 'Unknown field "memory_limit"', '"limits.memoryMb"'],
    [{ script: 'x', args: [] }, 'Unknown field "args"', 'sent as "inputs"'],
    [{ script: 'x', parameters: {} }, 'Unknown field "parameters"', 'sent as "inputs"'],
    [{ script: 'x', data: {} }, 'Unknown field "data"', 'sent as "inputs"'],
    [{ script: 'x', input: { a: 1 } }, 'Unknown field "input"', 'sent as "inputs"'],
    [{ script: 'x', file: 'a' }, 'Unknown field "file"', 'sent as "files"'],
    [
      { script: 'x', debug: 1 },
      'Unknown field "debug"',
      'The fields are "script", "mode", "inputs", "stdin", "files", "limits"',
    ],
    [{ script: 'x', __proto: 1 }, 'Unknown field "__proto"', 'Leave the other out'],
    ['{"script":"x","__proto__":{"a":1}}', 'Unknown field "__proto__"', 'Leave the other out'],
    [{ script: 'x', limits: { timeout: 5 } }, 'Unknown field "limits.timeout"', '"timeoutMs"'],
    [{ script: 'x', limits: { memory: 5 } }, 'Unknown field "limits.memory"', '"memoryMb"'],
    [file({ name: 'a', content: '' }), 'Unknown field "files[0].content"', 'sent as "text"'],
    [
      file({ filename: 'a', text: '' }),
      'Unknown field "files[0].filename"; field files[0].name is missing',
      'sent as "name"',
    ],
    [file({ name: 'a', text: '', encoding: 'utf-8' }), 'Unknown field "files[0].encoding"', 'as "base64"'],
    [
      file({ name: 'a', text: '', mode: 5 }),
      'Unknown field "files[0].mode"',
      'The fields are "name", "text", "base64"',
    ],
  ])('says of the fields of %j what is meant', async (body, message, hint) => {
    for (const text of [typeof body === 'string' ? body : JSON.stringify(body)]) {
      const refusal = { code: 'INVALID_REQUEST', message, hint: expect.stringContaining(hint) as string };
      expect(await refusalOf(text)).toEqual(refusal);
      expect(await refusalOf(long(text))).toEqual(refusal);
    }
  });
});
