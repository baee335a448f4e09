import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../seed.cjs';
import { judge } from '../checker.mjs';
import { MARK } from '../kinds.mjs';
import { FAULTS, mostLost, planOf } from '../plan.mjs';

const SIZE = { executions: 60, faults: 5, owners: 2 };
const FLEET = { places: 1, workers: 2 };
const idOf = (number) => number.toString(16).padStart(32, '0');

const OUTCOMES = {
  raise: (n) => ({ code: 'SCRIPT_ERROR', error: `ValueError: no ${n}`, stdout: `${n}\n` }),
  timeout: (n) => ({ code: 'TIMEOUT', error: 'too long', stdout: `${n}\n` }),
  exit: (n) => ({ code: 'SCRIPT_EXITED', error: `exited with ${n % 250}`, stdout: `${n}\n` }),
};

/** The answer that an execution ends with when all is well. */
function rightAnswer({ number, kind }) {
  const id = idOf(number);
  const outcome = OUTCOMES[kind]?.(number);
  if (outcome) {
    return { id, status: 'failed', httpStatus: 422, outcome };
  }
  const stdout = kind === 'much output' ? `${number} ${'.'.repeat(40)}\n`.repeat(200) : `${number}\n`;
  return { id, status: 'succeeded', httpStatus: 200, outcome: { result: number, stdout } };
}

const LOST = { status: 'failed', httpStatus: 503, outcome: { code: 'SANDBOX_UNAVAILABLE', error: 'gone' } };

function eventsOf({ status, outcome }) {
  const kinds = [
    ['start', {}],
    ['stdout', { text: outcome.stdout }],
    [status === 'succeeded' ? 'result' : 'error', {}],
    ['end', {}],
  ];
  return kinds.map(([type, data], index) => ({ id: index + 1, type, data }));
}

/** Evidence in which everything is as it should be. */
function cleanEvidence() {
  const plan = planOf({ ...SIZE, random: seededRandom(1) });
  const answers = new Map(plan.executions.map((one) => [idOf(one.number), rightAnswer(one)]));
  const each = (map) => new Map([...answers].map(([id, answer]) => [id, map(answer, id)]));
  const lines = [...answers.keys()].map((id) => JSON.stringify({ msg: 'hand-over', execution: { id } }));
  return {
    ...{ executions: plan.executions, faults: plan.faults, plannedFaults: plan.faults, fleet: FLEET },
    ids: new Map(plan.executions.map(({ number }) => [number, new Set([idOf(number)])])),
    seen: each((answer) => ({ states: ['queued', answer.status], ends: new Set([JSON.stringify(answer)]) })),
    finals: each((answer) => ({ status: 200, text: JSON.stringify(answer) })),
    streams: each(eventsOf),
    logs: [
      { name: 'worker 1', text: lines.slice(0, 30).join('\n') },
      { name: 'worker 2', text: `${lines.slice(30).join('\n')}\n{"msg":"hand-ov` },
    ],
    unexpectedExits: [],
    metrics: [{ name: 'worker 1', waiting: 0, running: 0 }],
    redis: { values: 'outcomes', line: [] },
    secrets: ['pycell_secret'],
  };
}

const found = (evidence) =>
  judge(evidence).flatMap(({ name, problems }) => (problems.length > 0 ? [name] : []));

/** Has an execution end in another way, wherever it is told. */
function endsWith(evidence, id, change) {
  const answer = { id, ...change };
  evidence.finals.set(id, { status: 200, text: JSON.stringify(answer) });
  evidence.seen.set(id, { states: ['queued', answer.status], ends: new Set([JSON.stringify(answer)]) });
  evidence.streams.delete(id);
}

const first = (evidence, kind = 'hello') => idOf(evidence.executions.find((one) => one.kind === kind).number);
const log = (evidence, line) => evidence.logs.push({ name: 'worker 3', text: line });
const handOver = (id) => JSON.stringify({ msg: 'hand-over', execution: { id } });

test('finds nothing in what is right', () => {
  assert.deepEqual(found(cleanEvidence()), []);
});

test('takes as many lost ones as the faults can account for', () => {
  const evidence = cleanEvidence();
  endsWith(evidence, first(evidence), LOST);
  endsWith(evidence, first(evidence, 'sleep'), LOST);
  assert.deepEqual(found(evidence), []);
});

test('takes one that was cancelled, and one that was cancelled too late', () => {
  const evidence = cleanEvidence();
  endsWith(evidence, first(evidence, 'cancel'), { status: 'cancelled' });
  assert.deepEqual(found(evidence), []);
});

const ONLY_OWN = 'each ended with its own answer, or was lost';
const PLANTED = {
  'each was accepted, under one id': [
    ['another id under the same key', (e) => e.ids.get(e.executions[3].number).add('f'.repeat(32))],
    ['none', (e) => e.ids.set(e.executions[3].number, new Set()) && undefined],
    ['the id of another', (e) => e.ids.set(e.executions[3].number, new Set([idOf(e.executions[4].number)]))],
  ],
  'each has ended': [
    ['one still runs', (e) => endsWith(e, first(e), { status: 'running' })],
    ['one is forgotten', (e) => e.finals.set(first(e), { status: 404, text: '{}' })],
    ['one is no JSON', (e) => e.finals.set(first(e), { status: 200, text: '<html>' })],
  ],
  'what GET says after an end does not change': [
    ['an end that is another at last', (e) => e.seen.get(first(e)).ends.add('{"status":"failed"}')],
  ],
  'no status goes back': [
    ['running, queued', (e) => (e.seen.get(first(e)).states = ['running', 'queued', 'succeeded'])],
    ['two ends', (e) => (e.seen.get(first(e)).states = ['failed', 'succeeded'])],
  ],
  [ONLY_OWN]: [
    [
      "another's number",
      (e) =>
        endsWith(e, first(e), {
          status: 'succeeded',
          httpStatus: 200,
          outcome: { result: 1, stdout: '1\n' },
        }),
    ],
    ['a hello that was cancelled by nobody', (e) => endsWith(e, first(e), { status: 'cancelled' })],
    [
      'an error of ours',
      (e) => endsWith(e, first(e), { ...LOST, httpStatus: 500, outcome: { code: 'INTERNAL' } }),
    ],
    ['no place', (e) => endsWith(e, first(e), { ...LOST, outcome: { code: 'SANDBOX_BUSY', error: 'full' } })],
    [
      'an error of another',
      (e) =>
        endsWith(e, first(e, 'raise'), { status: 'failed', httpStatus: 422, outcome: OUTCOMES.raise(1) }),
    ],
  ],
  'so many were lost as the faults can account for': [
    [
      'one too many',
      (e) => {
        const most = mostLost(e.faults, FLEET);
        e.executions.slice(0, most + 1).forEach(({ number }) => endsWith(e, idOf(number), LOST));
      },
    ],
    ['lost without a fault', (e) => ((e.faults = e.plannedFaults = []), endsWith(e, first(e), LOST))],
  ],
  'none was handed over twice': [['by another worker', (e) => log(e, handOver(first(e)))]],
  'who ended with its own answer was handed over': [
    ['never', (e) => (e.logs[0].text = e.logs[0].text.replace(handOver(idOf(e.executions[0].number)), ''))],
    ['what nobody was told of', (e) => log(e, handOver('f'.repeat(32)))],
  ],
  'events come in order, once, and tell the same end': [
    ['a gap', (e) => e.streams.get(first(e)).splice(1, 1)],
    ['a repeated event', (e) => e.streams.get(first(e)).splice(1, 0, e.streams.get(first(e))[1])],
    ['no end', (e) => e.streams.get(first(e)).pop()],
    ['another end', (e) => (e.streams.get(first(e))[2].type = 'error')],
    ['other output', (e) => (e.streams.get(first(e))[1].data = { text: 'other' })],
  ],
  'nothing waits or runs, and nothing is counted as if': [
    ['one waits', (e) => (e.metrics[0].waiting = 1)],
    ['one runs', (e) => (e.metrics[0].running = 1)],
    ['no metric', (e) => (e.metrics[0].running = NaN)],
    ['nobody was asked', (e) => (e.metrics = [])],
  ],
  'Redis keeps no request and the line is empty': [
    ['a script', (e) => (e.redis.values += `# ${MARK}`)],
    ['a place in the line', (e) => e.redis.line.push('prioritized: 1')],
  ],
  'no process says INTERNAL, or ended by itself': [
    ['INTERNAL', (e) => log(e, '{"level":50,"err":{"code":"INTERNAL"}}')],
    ['a promise', (e) => log(e, 'UnhandledPromiseRejection: x')],
    ['an end', (e) => e.unexpectedExits.push('worker 2 ended with 1')],
  ],
  'no key and no script in a log': [
    ['a key', (e) => log(e, '{"key":"pycell_secret"}')],
    ['a script', (e) => log(e, `{"body":"# ${MARK}"}`)],
  ],
  'every fault was done': [['one was left out', (e) => (e.faults = e.faults.slice(1))]],
};

for (const [check, plants] of Object.entries(PLANTED)) {
  for (const [what, plant] of plants) {
    test(`finds: ${check}: ${what}`, () => {
      const evidence = cleanEvidence();
      plant(evidence);
      assert.ok(found(evidence).includes(check), `found ${found(evidence).join(', ') || 'nothing'}`);
    });
  }
}

test('every check has a planted fault', () => {
  assert.deepEqual(
    judge(cleanEvidence()).map(({ name }) => name),
    Object.keys(PLANTED),
  );
});

test('a plan has the same seed, the same executions and faults, and every fault of the five first kinds', () => {
  const plan = (seed, faults = 5) => planOf({ ...SIZE, faults, random: seededRandom(seed) });
  assert.deepEqual(plan(7), plan(7));
  assert.notDeepEqual(plan(7), plan(8));
  const kinds = (faults) => new Set(faults.map(({ victim, how }) => `${victim} ${how}`));
  assert.deepEqual(kinds(plan(7).faults), kinds(FAULTS.slice(0, 5)));
  assert.equal(plan(7, 50).faults.length, 50);
  assert.deepEqual(kinds(plan(7, 50).faults), kinds(FAULTS));
  const at = plan(7, 50).faults.map((fault) => fault.at);
  assert.deepEqual(
    at,
    [...at].sort((one, other) => one - other),
  );
  assert.ok(at.every((share) => share >= 0 && share < 1));
});

test('a fault takes what its workers have places for, or nothing', () => {
  const fleet = { places: 4, workers: 2 };
  const most = (victim, how, downMs = 1_000) => mostLost([{ victim, how, downMs }], fleet);
  assert.deepEqual(
    [
      most('api', 'kill'),
      most('worker', 'kill'),
      most('redis', 'kill'),
      most('worker', 'stop'),
      most('worker', 'stop', 12_000),
    ],
    [0, 4, 8, 0, 4],
  );
});
