// eslint-disable-next-line no-restricted-imports -- the examples are programs in other languages
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';

const DOCUMENT = readFileSync(join(__dirname, '../../../../docs/callbacks.md'), 'utf8');
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const ID = '0123456789abcdef0123456789abcdef';
const BODY = '{"type":"execution.ended","text":"grüße","n":12345678901234567890}';

/** What an example is asked, and what it must say. */
interface Question {
  readonly secret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function blockOf(language: string): string {
  const [, code] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'm').exec(DOCUMENT) ?? [];
  return code ?? '';
}

/** Has an example verify, in its own language. */
const EXAMPLES: Readonly<Record<string, (question: Question) => boolean>> = {
  python: (question) => {
    const ask =
      'import json, sys\nq = json.load(sys.stdin)\nprint(verify(q["secret"], q["headers"], q["body"].encode()))';
    return answerOf(run('python3', ['-c', `${blockOf('python')}\n${ask}`], question));
  },
  js: (question) => {
    const ask =
      "import { readFileSync } from 'node:fs';\nconst q = JSON.parse(readFileSync(0, 'utf8'));\n" +
      // As a text: console.log() colours what is none, where it is told to colour.
      'console.log(String(verify(q.secret, q.headers, Buffer.from(q.body))));';
    return answerOf(
      run(process.execPath, ['--input-type=module', '-e', `${blockOf('js')}\n${ask}`], question),
    );
  },
};

function run(program: string, words: readonly string[], question: Question): string {
  return execFileSync(program, [...words], { input: JSON.stringify(question), encoding: 'utf8' }).trim();
}

/** Anything else is an example that does not work, which refuses nothing. */
function answerOf(text: string): boolean {
  const answer = new Map([
    ['true', true],
    ['false', false],
  ]).get(text.toLowerCase());
  if (answer === undefined) {
    throw new Error(`The example said ${JSON.stringify(text)}`);
  }
  return answer;
}

function signedAt(date: Date): Question {
  return {
    secret: SECRET,
    headers: {
      'webhook-id': ID,
      'webhook-timestamp': String(Math.floor(date.getTime() / 1000)),
      'webhook-signature': new Webhook(SECRET).sign(ID, date, BODY),
    },
    body: BODY,
  };
}

describe.each(Object.keys(EXAMPLES))('the example of docs/callbacks.md in %s', (language) => {
  const verify = EXAMPLES[language] ?? (() => false);
  const right = signedAt(new Date());

  it('takes what is signed, among other signatures too', () => {
    // Just now, however long ago this file was read.
    const right = signedAt(new Date());
    expect(verify(right)).toBe(true);
    const signature = `v1,AAAA v2,x ${right.headers['webhook-signature'] ?? ''}`;
    expect(verify({ ...right, headers: { ...right.headers, 'webhook-signature': signature } })).toBe(true);
  });

  it.each<[string, Question]>([
    ['was changed', { ...right, body: BODY.replace('1', '2') }],
    ['is of another secret', { ...right, secret: `whsec_${Buffer.alloc(32, 6).toString('base64')}` }],
    ['has another id', { ...right, headers: { ...right.headers, 'webhook-id': 'x' } }],
    ['is old', signedAt(new Date(Date.now() - 400_000))],
    ['is of the future', signedAt(new Date(Date.now() + 400_000))],
    ['has no headers', { ...right, headers: {} }],
    ['has a time that is none', { ...right, headers: { ...right.headers, 'webhook-timestamp': 'now' } }],
    [
      'has a signature that is none',
      { ...right, headers: { ...right.headers, 'webhook-signature': 'v1,é' } },
    ],
  ])('refuses what %s', (_what, question) => expect(verify(question)).toBe(false));
});
