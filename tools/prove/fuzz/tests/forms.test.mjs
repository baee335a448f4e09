import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ROOT } from '../../../set-up/places.mjs';
import { seededRandom } from '../../seed.cjs';
import { faultOf, isForeign } from '../forms.mjs';
import { mutated } from '../mutator.mjs';

const JSON_TYPE = 'application/json; charset=utf-8';

function fault(path, status, body, { method = 'POST', type = JSON_TYPE } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return faultOf({ method, path }, { status, type, text });
}

/** A right answer of each service, and a wrong one. */
const ANSWERS = [
  ['/v1/sandbox/run', 200, { code: -400, message: 'no', data: null }, { error: 'no' }],
  ['/run', 422, { detail: [] }, { message: 'no' }],
  ['/run', 200, { status: 'success', stdout: '', stderr: '', exit_code: 0 }, { status: 'success' }],
  ['/healthz', 200, { status: 'ok' }, {}],
  ['/api/v2/execute', 400, { message: 'no' }, { error: 'no' }],
  ['/api/v2/runtimes', 200, [], {}],
  ['/submissions?wait=true', 422, { language_id: ["can't be blank"] }, { language_id: 1 }],
  ['/submissions/batch', 422, [{ error: 'no' }, { stdin: ['no'] }], [null]],
  ['/mcp', 400, { jsonrpc: '2.0', id: null, error: { code: -32600, message: 'no' } }, { error: 'no' }],
  ['/elsewhere', 404, { error: 'no', code: 'NOT_FOUND', requestId: '1' }, { message: 'no' }],
];

for (const [path, status, right, wrong] of ANSWERS) {
  test(`the form of ${path}, ${status}`, () => {
    assert.equal(fault(path, status, right), null);
    assert.match(fault(path, status, wrong), /form/);
  });
}

test('a fault of the service is seen whatever its form', () => {
  const right = { message: 'no' };
  assert.match(fault('/api/v2/execute', 500, right), /status is 500/);
  assert.equal(fault('/api/v2/execute', 503, right), null);
  assert.match(fault('/api/v2/execute', 400, 'no'), /no JSON/);
  assert.match(fault('/api/v2/execute', 400, right, { type: 'text/html' }), /type/);
});

test('words of ours are seen in any answer', () => {
  const says = (message) => fault('/api/v2/execute', 400, { message });
  for (const word of [
    ...[`${ROOT}/x`, 'at f (/srv/a.js:1:2)', "Cannot read properties of undefined (reading 'a')"],
    ...['x is not a function', 'File "/x/pycell_runner/y.py"', '[object Object]'],
  ]) {
    assert.match(says(word), /it says/, word);
  }
  assert.equal(says('TypeError: main() takes 1 argument (line 3)'), null);
});

test('paths of other services are told from ours', () => {
  assert.deepEqual(
    ['/run', '/runs', '/mcp', '/execute', '/languages/71', '/api/v2/runtimes?x=1'].map(isForeign),
    [true, false, true, false, true, true],
  );
});

test('the same numbers change a request in the same way, and leave the right one as it is', () => {
  const right = { method: 'POST', path: '/run', body: { code_b64: 'eA==', arguments: { a: [1, { b: 2 }] } } };
  const before = structuredClone(right);
  const made = (seed) => {
    const random = seededRandom(seed);
    return Array.from({ length: 500 }, () => mutated(right, random));
  };
  assert.deepEqual(made(1), made(1));
  assert.notDeepEqual(made(1), made(2));
  assert.deepEqual(right, before);
  assert.equal({}.a, undefined);
  // Deeper than what JSON.stringify can write.
  assert.ok(made(1).some(({ body }) => body?.includes('{"a":['.repeat(10_000))));
  // Some are left right, most are not.
  const same = made(1).filter(({ body }) => body?.equals(Buffer.from(JSON.stringify(right.body)))).length;
  assert.ok(same > 20 && same < 250, `${same} of 500 are as they were`);
});
