import { parseOutcomeMessage } from './outcome-message';
import { MessageError } from './message-error';
import { numbersFrom } from './numbers-from.contract';
import { decodeSections, encodeSections, sectionPieces } from './sections';

const NAMES = ['script', 'inputs', 'stdin', 'files'];
const CASES = 400;
const LIMITS = { maxFiles: 8, maxArtifactBytes: 4096 };

/** Returns whole numbers from 0 on, below what is asked for, the same every time. */
function generator(seed: number): (below: number) => number {
  const next = numbersFrom(seed);
  return (below) => Math.floor(next() * below);
}

/** Bytes of any values, more often of JSON's own characters. */
function bytesOf(random: (below: number) => number, most: number): Buffer {
  const json = Buffer.from('{}[]",:\\0 ');
  return Buffer.from(
    Array.from({ length: random(most) }, () => (random(2) ? random(256) : (json[random(json.length)] ?? 0))),
  );
}

describe('sections, whatever is in them,', () => {
  it('come back as they were, in any number of pieces', () => {
    const random = generator(15);
    for (let index = 0; index < CASES; index++) {
      const sections = NAMES.filter(() => random(2)).map((name) => {
        const pieces = Array.from({ length: random(4) }, () => bytesOf(random, 60));
        return [name, pieces] as const;
      });
      const fields = { mode: ['function', 'é"\\', ''][random(3)], n: random(1 << 30) };
      const payload = Buffer.concat(sectionPieces(fields, sections));
      const whole = sections.map(([name, pieces]) => [name, Buffer.concat(pieces)] as const);
      expect(payload).toEqual(encodeSections(fields, whole));
      const decoded = decodeSections(payload, 'payload', NAMES, 1024);
      expect(decoded.head).toMatchObject(fields);
      expect([...decoded.sections]).toEqual(whole);
    }
  });

  it('are refused, or are what the bytes say, when bytes are changed, lost or added', () => {
    const random = generator(16);
    const outcome = encodeSections(
      {
        status: 'OK',
        artifacts: [
          ['a.csv', 3],
          ['b', 0],
        ],
      },
      [
        ['result', Buffer.from('[1, 2]')],
        ['artifacts', Buffer.from('x,y')],
      ],
    );
    let refused = 0;
    for (let index = 0; index < CASES; index++) {
      const bytes = [...outcome];
      const at = random(bytes.length);
      bytes.splice(at, random(3), ...bytesOf(random, 4));
      const changed = Buffer.from(bytes);
      try {
        const told = parseOutcomeMessage(changed, LIMITS);
        const artifacts = told.artifacts ?? [];
        const total = artifacts.reduce((sum, artifact) => sum + artifact.bytes.length, 0);
        expect(total).toBeLessThanOrEqual(changed.length);
        // Views of what came, and of nothing else.
        expect(artifacts.every((artifact) => artifact.bytes.buffer === changed.buffer)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(MessageError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(CASES / 2);
  });
});
