/** Judges what a proof of the queue has seen. It does nothing but look: its tests give it made-up evidence. */
import { faultInEnd, isLost, MARK } from './kinds.mjs';
import { mostLost } from './plan.mjs';

const ENDS = ['succeeded', 'failed', 'cancelled'];
/** Findings that are shown of each check. */
const MOST_SHOWN = 5;

/**
 * @typedef {object} Evidence
 * @property {readonly object[]} executions as planned, each { number, kind, idempotencyKey }
 * @property {ReadonlyMap<number, ReadonlySet<string>>} ids by number: every id that POST /executions answered with
 * @property {ReadonlyMap<string, { states: string[], ends: ReadonlySet<string> }>} seen by id, while the proof ran: its statuses, each
 *   when it was new, and the different bodies that GET answered with after the end
 * @property {ReadonlyMap<string, { status: number, text: string }>} finals by id: what GET answers at the end of all
 * @property {ReadonlyMap<string, readonly object[]>} streams by id: events { id, type, data } of those that were followed
 * @property {readonly { name: string, text: string }[]} logs
 * @property {readonly object[]} faults that were done
 * @property {readonly object[]} plannedFaults
 * @property {readonly string[]} unexpectedExits
 * @property {readonly { name: string, waiting: number, running: number }[]} metrics
 * @property {{ values: string, line: readonly string[] }} redis everything that is kept, as text; what BullMQ still has in its queue
 * @property {readonly string[]} secrets
 * @property {{ places: number, workers: number }} fleet
 */

/** @param {Evidence} evidence @returns {{ name: string, figure: string, problems: string[] }[]} each check; passed without problems */
export function judge(evidence) {
  const judged = { ...evidence, handOvers: handOversIn(evidence.logs), ofNumber: idOfEach(evidence) };
  return CHECKS.map(([name, look]) => {
    const { figure, problems } = look(judged);
    const more = problems.length > MOST_SHOWN ? [`and ${problems.length - MOST_SHOWN} more`] : [];
    const shown = [...problems.slice(0, MOST_SHOWN), ...more];
    return { name, problems, figure: problems.length > 0 ? `${figure}. ${shown.join(' | ')}` : figure };
  });
}

/** Lines of a log that are objects. */
export function recordsIn(text) {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line)] : [];
    } catch {
      // A line that a kill cut short, or what is no line of the logger's.
      return [];
    }
  });
}

function handOversIn(logs) {
  const counts = new Map();
  for (const { text } of logs) {
    for (const { msg, execution } of recordsIn(text)) {
      if (msg === 'hand-over') {
        counts.set(execution?.id, (counts.get(execution?.id) ?? 0) + 1);
      }
    }
  }
  return counts;
}

function idOfEach({ executions, ids }) {
  return executions.map((execution) => ({ execution, id: [...(ids.get(execution.number) ?? [])][0] }));
}

function finalOf({ finals }, id) {
  const { status, text } = finals.get(id) ?? { status: 0, text: '' };
  try {
    return { status, answer: JSON.parse(text) };
  } catch {
    // No JSON: the check of ends says so.
    return { status, answer: {} };
  }
}

const CHECKS = [
  ['each was accepted, under one id', acceptedOnce],
  ['each has ended', hasEnded],
  ['what GET says after an end does not change', endStays],
  ['no status goes back', goesForward],
  ['each ended with its own answer, or was lost', ownAnswer],
  ['so many were lost as the faults can account for', lostWithinBound],
  ['none was handed over twice', handedOverOnce],
  ['who ended with its own answer was handed over', ownWasHandedOver],
  ['events come in order, once, and tell the same end', eventsAgree],
  ['nothing waits or runs, and nothing is counted as if', nothingCounted],
  ['Redis keeps no request and the line is empty', nothingKept],
  ['no process says INTERNAL, or ended by itself', noOwnErrors],
  ['no key and no script in a log', nothingTold],
  ['every fault was done', allFaults],
];

function acceptedOnce({ executions, ids }) {
  const all = new Map();
  const problems = executions.flatMap(({ number }) => {
    const own = [...(ids.get(number) ?? [])];
    const others = own.filter((id) => all.has(id)).map((id) => `${id} is of ${all.get(id)} and ${number}`);
    own.forEach((id) => all.set(id, number));
    return own.length === 1 ? others : [`${number} has ${own.length} ids: ${own.join(', ')}`, ...others];
  });
  return { figure: `${all.size} of ${executions.length}`, problems };
}

function hasEnded(evidence) {
  const problems = evidence.ofNumber.flatMap(({ execution, id }) => {
    const { status, answer } = finalOf(evidence, id);
    const isEnd = status === 200 && ENDS.includes(answer.status) && answer.id === id;
    return isEnd ? [] : [`${execution.number} (${id}): ${status} ${answer.status ?? ''}`];
  });
  return { figure: `${evidence.ofNumber.length - problems.length}`, problems };
}

function endStays({ seen, finals }) {
  const problems = [...seen].flatMap(([id, { ends }]) => {
    const all = new Set([...ends, finals.get(id)?.text ?? '']);
    return all.size > 1 ? [`${id}: ${[...all].map((text) => text.slice(0, 200)).join(' <> ')}`] : [];
  });
  const several = [...seen.values()].filter(({ ends }) => ends.size > 0).length;
  return { figure: `${several} were asked again`, problems };
}

function goesForward({ seen }) {
  const rank = (status) => ['queued', 'running'].indexOf(status) + (ENDS.includes(status) ? 3 : 0);
  const problems = [...seen].flatMap(([id, { states }]) => {
    const isForward = states.every((state, at) => at === 0 || rank(states[at - 1]) < rank(state));
    return isForward ? [] : [`${id}: ${states.join(', ')}`];
  });
  return { figure: `${seen.size} were watched`, problems };
}

function ownAnswer(evidence) {
  const counts = {};
  const problems = evidence.ofNumber.flatMap(({ execution, id }) => {
    const { answer } = finalOf(evidence, id);
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
    const fault = faultInEnd(execution, answer);
    return fault === null ? [] : [`${execution.number} (${id}): ${fault}`];
  });
  const told = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  return { figure: told.join(', '), problems };
}

function lostWithinBound(evidence) {
  const { ofNumber, faults, fleet } = evidence;
  const lost = ofNumber.filter(({ id }) => isLost(finalOf(evidence, id).answer));
  const most = mostLost(faults, fleet);
  const problems = lost.length > most ? [lost.map(({ id }) => id).join(', ')] : [];
  return { figure: `${lost.length} lost, at most ${most}`, problems };
}

function handedOverOnce({ handOvers }) {
  const problems = [...handOvers].flatMap(([id, count]) => (count > 1 ? [`${id}: ${count} times`] : []));
  return { figure: `${handOvers.size} were handed over`, problems };
}

function ownWasHandedOver(evidence) {
  const problems = evidence.ofNumber.flatMap(({ id }) => {
    const { answer } = finalOf(evidence, id);
    const isOwn = answer.status !== 'cancelled' && !isLost(answer);
    const count = evidence.handOvers.get(id) ?? 0;
    return isOwn && count !== 1 ? [`${id}: ${count} times`] : [];
  });
  const known = new Set(evidence.ofNumber.map(({ id }) => id));
  const foreign = [...evidence.handOvers.keys()].filter((id) => !known.has(id));
  return { figure: `${evidence.ofNumber.length - problems.length}`, problems: [...problems, ...foreign] };
}

const OUTCOME_EVENTS = { succeeded: 'result', failed: 'error', cancelled: 'cancelled' };

function eventsAgree(evidence) {
  const problems = [...evidence.streams].flatMap(([id, events]) => {
    const { answer } = finalOf(evidence, id);
    const fault = faultInEvents(events, answer);
    return fault === null
      ? []
      : [`${id} (${answer.status}): ${fault}: ${JSON.stringify(events).slice(0, 300)}`];
  });
  return { figure: `${evidence.streams.size} streams`, problems };
}

function faultInEvents(events, { status, outcome }) {
  const types = events.map(({ type }) => type);
  const count = (type) => types.filter((one) => one === type).length;
  const printed = events
    .filter(({ type }) => type === 'stdout')
    .map(({ data }) => data.text)
    .join('');
  if (events.some(({ id }, index) => id !== index + 1)) {
    return 'numbers have gaps, or repeat';
  }
  if (types.at(-1) !== 'end' || types.at(-2) !== OUTCOME_EVENTS[status]) {
    return `it ends with ${types.slice(-2).join(', ')}`;
  }
  if (count('end') + count('result') + count('error') + count('cancelled') !== 2 || count('start') > 1) {
    return 'it starts or ends more than once';
  }
  if (status === 'succeeded' && (count('start') !== 1 || printed !== outcome.stdout)) {
    return 'it does not tell what was printed';
  }
  return null;
}

function nothingCounted({ metrics }) {
  const problems = metrics.flatMap(({ name, waiting, running }) =>
    waiting === 0 && running === 0 ? [] : [`${name}: ${waiting} waiting, ${running} running`],
  );
  return {
    figure: `${metrics.length} processes`,
    problems: metrics.length > 0 ? problems : ['nobody was asked'],
  };
}

function nothingKept({ redis: { values, line } }) {
  const isClean = !values.includes(MARK);
  return {
    figure: `${values.length} characters in Redis`,
    problems: [...(isClean ? [] : ['a script is in Redis']), ...line],
  };
}

const OWN_ERRORS = /\bINTERNAL\b|[uU]nhandledPromise|unhandledRejection|uncaughtException/;

function noOwnErrors({ logs, unexpectedExits }) {
  const problems = logs.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => OWN_ERRORS.test(line))
      .map((line) => `${name}: ${line.slice(0, 400)}`),
  );
  return { figure: `${logs.length} logs`, problems: [...problems, ...unexpectedExits] };
}

function nothingTold({ logs, secrets }) {
  const words = [MARK, ...secrets];
  const problems = logs.flatMap(({ name, text }) =>
    words.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`),
  );
  const characters = logs.reduce((sum, { text }) => sum + text.length, 0);
  return { figure: `${characters} characters`, problems: characters > 0 ? problems : ['the logs are empty'] };
}

function allFaults({ faults, plannedFaults }) {
  const counts = {};
  for (const { how, victim } of faults) {
    counts[`${how} ${victim}`] = (counts[`${how} ${victim}`] ?? 0) + 1;
  }
  const told = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const missing = plannedFaults.length - faults.length;
  return { figure: told.join(', '), problems: missing === 0 ? [] : [`${missing} were not done`] };
}
