import { outcomeBody } from './described-job';
import type { JobOutcome } from './job';
import { endParcels, eventsParcel, lastNumber } from './job-frames';

const OUTCOME: JobOutcome = {
  httpStatus: 200,
  result: Buffer.from('{"a": 12345678901234567890, "b": "\u2028"}'),
  facts: '{"execution":{"id":"e"}}',
  output: '{"stdout":"x","stderr":""}',
  artifacts: ['{"name":"a"}', '{"name":"b"}'],
};
const textOf = (pieces: Iterable<string | Buffer>): string => Array.from(pieces, String).join('');
const endOf = (outcome: JobOutcome | null, told: number): string =>
  endParcels(outcome, told)
    .map(({ pieces }) => textOf(pieces))
    .join('');

describe('The events of a job', () => {
  it('have numbers, and a line of data each', () => {
    const { pieces } = eventsParcel('e', [{ type: 'start' }, { type: 'stdout', text: 'a\n\u2028' }], 4);
    expect(textOf(pieces)).toBe(
      'id: 5\nevent: start\ndata: {"id":"e"}\n\nid: 6\nevent: stdout\ndata: {"text":"a\\n\\u2028"}\n\n',
    );
  });

  it('end with files, what became of it, and the end', () => {
    expect(endOf(OUTCOME, 2)).toBe(
      'id: 3\nevent: artifact\ndata: {"name":"a"}\n\nid: 4\nevent: artifact\ndata: {"name":"b"}\n\n' +
        'id: 5\nevent: result\ndata: {"result":{"a": 12345678901234567890, "b": "\\u2028"},"execution":{"id":"e"}}\n\n' +
        'id: 6\nevent: end\ndata: {}\n\n',
    );
    expect(lastNumber({ told: 2, artifacts: 2 })).toBe(6);
    expect(endOf(null, 0)).toBe('id: 1\nevent: cancelled\ndata: {}\n\nid: 2\nevent: end\ndata: {}\n\n');
    expect(lastNumber({ told: 0, artifacts: 0 })).toBe(2);
    const failed = { ...OUTCOME, result: null, facts: '{"error":"x"}', artifacts: [] };
    expect(endOf(failed, 0)).toBe(
      'id: 1\nevent: error\ndata: {"error":"x"}\n\nid: 2\nevent: end\ndata: {}\n\n',
    );
  });

  it('are not begun by what somebody else has stored', () => {
    const forged = {
      ...OUTCOME,
      result: Buffer.from('1\n\ndata: {}\n\r'),
      facts: '{"a":\n\nevent: end\n1}',
      artifacts: ['{\r\rid: 7\n\n}'],
    };
    const lines = endOf(forged, 0).split(/\r\n|\r|\n/);
    expect(lines.filter((line) => line !== '').map((line) => line.split(':')[0])).toEqual([
      ...['id', 'event', 'data'],
      ...['id', 'event', 'data'],
      ...['id', 'event', 'data'],
    ]);
  });
});

describe('The outcome of a job', () => {
  const bodyOf = (outcome: JobOutcome): string => textOf(outcomeBody(outcome));

  it('is the body of POST /execute, the result as Python wrote it', () => {
    expect(bodyOf(OUTCOME)).toBe(
      '{"result":{"a": 12345678901234567890, "b": "\u2028"},"stdout":"x","stderr":"",' +
        '"artifacts":[{"name":"a"},{"name":"b"}],"execution":{"id":"e"}}',
    );
    expect(bodyOf({ ...OUTCOME, artifacts: [] })).toContain(',"artifacts":[],');
  });

  it('has of an error what there is', () => {
    const error = { ...OUTCOME, httpStatus: 422, result: null, facts: '{"error":"x"}' };
    expect(bodyOf(error)).toBe(
      '{"error":"x","stdout":"x","stderr":"","artifacts":[{"name":"a"},{"name":"b"}]}',
    );
    expect(bodyOf({ ...error, output: '{}', artifacts: [] })).toBe('{"error":"x"}');
  });
});
