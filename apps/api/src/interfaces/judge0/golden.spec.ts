import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@pycell/contracts';
import { completed, MEASURED } from '../door/outcomes.contract';
import { atOnce } from '../door/slices.contract';
import { judge0Limits } from './configuration';
import { readSubmission, requestOf } from './submission';
import { resultOf } from './submission-result';
import { fieldsOf, viewOf } from './submission-view';

/**
 * A request as others send it, what is executed of it, and the answer. Of that their documents have the members; the values
 * are what our own figures make of them.
 */
interface Golden {
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly executed: { readonly script: string; readonly stdin: string; readonly limits: object };
  readonly printed: string;
  readonly answer: object;
}

const FOLDER = join(__dirname, 'golden');

describe('Golden requests of Judge0', () => {
  it.each(readdirSync(FOLDER))('%s', (file) => {
    const { query, body, executed, printed, answer } = JSON.parse(
      readFileSync(join(FOLDER, file), 'utf8'),
    ) as Golden;
    const isBase64 = query['base64_encoded'] === 'true';
    const submission = readSubmission(body, isBase64, judge0Limits(DEFAULT_LIMITS), { min: 32, max: 512 });
    const { script, stdin, limits } = requestOf(submission, { min: 1, max: 10_000 });
    expect({ script, stdin: stdin?.toString(), limits }).toEqual(executed);
    const result = resultOf(completed(printed), submission);
    const known = {
      token: MEASURED.id,
      submission,
      status: result.status,
      createdAt: 0,
      finishedAt: 13,
      result,
    };
    expect(atOnce(viewOf(known, fieldsOf(query['fields']), isBase64, '3.13.1'))).toEqual(answer);
  });
});
