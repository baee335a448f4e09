import type { Claim } from '../admission/claim';
import { Places } from './places';

const MINE: Claim = { caller: 'me', kind: 'call' };
const THEIRS: Claim = { caller: 'somebody else', kind: 'call' };
const { signal } = new AbortController();

describe('Places', () => {
  let places: Places;

  beforeEach(() => {
    places = new Places({ maxConcurrency: 3, maxQueue: 1, queueTimeoutMs: 30 });
  });

  afterEach(() => places.close());

  /** The message of a refusal, which must be one of the code that the client is told. */
  const refusalOf = (claim: Claim): Promise<string> =>
    places.acquire(claim, signal).then(
      () => 'admitted',
      (error: unknown) => {
        expect(error).toMatchObject({
          code: 'SANDBOX_BUSY',
          facts: { retryAfterSeconds: expect.any(Number) },
        });
        return (error as Error).message;
      },
    );

  it('tells one who has nothing there what all others have', async () => {
    await Promise.all([MINE, MINE, THEIRS].map((claim) => places.acquire(claim, signal)));
    const waiting = refusalOf(MINE);
    expect(await refusalOf({ caller: 'a third', kind: 'call' })).toBe(
      'The sandbox is busy: 3 scripts are running and 1 waiting. Retry later.',
    );
    await waiting;
  });

  it('tells one who is refused though a place is free whom that is for', async () => {
    await Promise.all([MINE, MINE].map((claim) => places.acquire(claim, signal)));
    const waiting = refusalOf(MINE);
    expect(places.refuseIfFull(THEIRS)).toBeNull();
    const told =
      'The sandbox is busy: 2 scripts are running and 1 waiting, of them 2 and 1 yours. ' +
      'The last of 3 places is kept for who has none. Send fewer at once, or retry later.';
    expect(await refusalOf(MINE)).toBe(told);
    expect(await waiting).toBe(
      'The sandbox is busy: this one has waited for 0.03 seconds, 2 scripts are running and 0 waiting, ' +
        'of them 2 and 0 yours. The last of 3 places is kept for who has none. Send fewer at once, or retry later.',
    );
  });

  it('says before a request is read what would be said of it then', async () => {
    await Promise.all([MINE, MINE, THEIRS].map((claim) => places.acquire(claim, signal)));
    const waiting = refusalOf(MINE);
    expect(places.refuseIfFull(THEIRS)?.message).toBe(await refusalOf(THEIRS));
    await waiting;
  });
});
