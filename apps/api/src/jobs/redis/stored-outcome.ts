import { findLongResultFlaw } from '@pycell/sandbox';
import type { JobOutcome } from '../job';
import { httpStatusOf } from './redis-answers';

/** As deep as a result of a run may nest, and as what is told of one does. */
const MAX_RESULT_DEPTH = 200;
const MAX_FACTS_DEPTH = 20;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** Members are cut out of objects, and joined: an empty one has its one form. */
const SPACED_EMPTY = /^\{[ \t\r\n]+\}$/;

const LOST_FACTS = {
  error:
    'The worker that ran this execution does not answer any more. Whether the script came to its end is not known; start it again if it may run twice.',
  code: 'SANDBOX_UNAVAILABLE',
} as const;

/** Stands for the id where Redis makes the outcome. */
export const ID_PLACE = '*';

/** What becomes of an execution whose worker is gone, or whose outcome in Redis is none of ours. */
export function lostOutcome(id: string): JobOutcome {
  return {
    httpStatus: 503,
    result: null,
    facts: JSON.stringify({ ...LOST_FACTS, requestId: id }),
    output: '{}',
    artifacts: [],
  };
}

/** Returns fields and values, one after the other. */
export function writeOutcome({ result, facts, output, artifacts }: JobOutcome): (string | Buffer)[] {
  return [
    ...(result ? ['result', result] : []),
    'facts',
    facts,
    'output',
    output,
    'artifacts',
    String(artifacts.length),
    ...artifacts.flatMap((artifact, index) => [String(index), artifact]),
  ];
}

/**
 * Reads an outcome. Whoever can write to Redis can have written it, and it is spliced into answers unparsed: each part must be
 * exactly one JSON value in one line, objects where they are due. Null where one is not.
 */
export async function readOutcome(http: unknown, fields: readonly unknown[]): Promise<JobOutcome | null> {
  const parts = new Map<string, Buffer>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const value = fields[index + 1];
    if (!Buffer.isBuffer(value)) {
      return null;
    }
    parts.set(String(fields[index]), value);
  }
  const count = Number(parts.get('artifacts')?.toString('latin1') ?? NaN);
  const names =
    Number.isInteger(count) && count >= 0 && count <= fields.length ? [...Array(count).keys()] : null;
  const facts = parts.get('facts');
  const output = parts.get('output');
  const artifacts = names?.map((name) => parts.get(String(name)));
  const result = parts.get('result') ?? null;
  if (!facts || !output || !artifacts || (result && (await findLongResultFlaw(result, MAX_RESULT_DEPTH)))) {
    return null;
  }
  const objects: string[] = [];
  for (const part of [facts, output, ...artifacts]) {
    const isObject = part?.[0] === OPEN_BRACE && part.at(-1) === CLOSE_BRACE;
    if (!isObject || (await findLongResultFlaw(part, MAX_FACTS_DEPTH))) {
      return null;
    }
    const text = part.toString('utf8');
    if (SPACED_EMPTY.test(text)) {
      return null;
    }
    objects.push(text);
  }
  const [factsText = '', outputText = '', ...artifactTexts] = objects;
  if (result && factsText === '{}') {
    return null;
  }
  return {
    httpStatus: httpStatusOf(String(http)),
    result,
    facts: factsText,
    output: outputText,
    artifacts: artifactTexts,
  };
}
