import 'reflect-metadata';
import { verifyJsonBody } from '../http/json-structure';
import { ExecuteRequestDto } from './execute-request.dto';
import { RequestBodyPipe } from './request-body.pipe';

/** The smallest of a few tries, milliseconds of CPU time: the first ones compile, and collect garbage. */
async function cpuMsOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return Math.min(...times);
}

const refusalOf = async (body: unknown): Promise<unknown> => {
  try {
    return await new RequestBodyPipe().transform(body, { type: 'body', metatype: ExecuteRequestDto });
  } catch (error) {
    return error;
  }
};

describe('RequestBodyPipe, of other fields,', () => {
  it.each([
    [{ code: 'x' }, 'Unknown field "code"; field script is missing', 'sent as "script"'],
    [{ source: 'x' }, 'Unknown field "source"; field script is missing', 'sent as "script"'],
    [{ nothing: 'x' }, 'Unknown field "nothing"; field script is missing', 'sent as "script"'],
    [{ script: 'x', python: 'x' }, 'Unknown field "python"', 'sent as "script"'],
    [{ script: 'x', timeout: 5 }, 'Unknown field "timeout"', 'whoever runs the service'],
    [{ script: 'x', args: [] }, 'Unknown field "args"', 'Leave the other out'],
  ])('says of %j what is meant', async (body, message, hint) => {
    expect(await refusalOf(body)).toMatchObject({
      code: 'INVALID_REQUEST',
      message,
      hint: expect.stringContaining(hint),
    });
  });

  it('shows a long name cut, with a mark', async () => {
    const { message } = (await refusalOf({ ['x'.repeat(5_000)]: 1 })) as Error;
    expect(message).toMatch(/^Unknown field "x{100}…"/);
  });
});

describe('RequestBodyPipe', () => {
  /** What validation takes longest for, of `count` lists, objects and members. */
  const shapes: readonly (readonly [string, (count: number) => string])[] = [
    ['a list', (count) => `[${Array(count).fill('1').join(',')}]`],
    [
      'a list of objects',
      (count) =>
        `[${Array(count >> 1)
          .fill('{}')
          .join(',')}]`,
    ],
    ['members', (count) => `{${Array.from({ length: count }, (_, key) => `"${key}":1`).join(',')}}`],
    ['nested objects', (count) => `${'{"a":'.repeat(count)}1${'}'.repeat(count)}`],
  ];

  const reference = `[${Array(2_000_000).fill('1').join(',')}]`;

  it.each(shapes)(
    'refuses as much of %s as is read at all, for less than reading 4 MB of JSON costs',
    async (_name, shape) => {
      let count = 16;
      while (isRead(shape(count * 2))) {
        count *= 2;
      }
      const body = bodyOf(shape(count));
      const ms = await cpuMsOf(() =>
        expect(
          (async () =>
            new RequestBodyPipe().transform(JSON.parse(body), {
              type: 'body',
              metatype: ExecuteRequestDto,
            }))(),
        ).rejects.toMatchObject({ code: 'INVALID_REQUEST' }),
      );
      // Relative to the machine as it is in this moment: other suites run beside this one.
      expect(ms).toBeLessThan(await cpuMsOf(() => Promise.resolve(JSON.parse(reference) as unknown)));
    },
  );
});

function bodyOf(script: string): string {
  return `{"script":${script}}`;
}

function isRead(script: string): boolean {
  try {
    verifyJsonBody(null, null, Buffer.from(bodyOf(script)), 'utf-8');
    return true;
  } catch {
    return false;
  }
}
