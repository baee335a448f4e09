import type { Claim } from '../admission/claim';
import { Places } from './places';

const MINE: Claim = { caller: 'me', kind: 'call', maxPlaces: null, version: 0 };
const THEIRS: Claim = { caller: 'somebody else', kind: 'call', maxPlaces: null, version: 0 };
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
    expect(await refusalOf({ caller: 'a third', kind: 'call', maxPlaces: null, version: 0 })).toBe(
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

  it('tells one who has its share of places what that is, whatever is free', async () => {
    const mine: Claim = { ...MINE, maxPlaces: 1 };
    await places.acquire(mine, signal);
    const waiting = refusalOf(mine);
    const told =
      'The sandbox is busy: 1 script is running and 1 waiting, of them 1 and 1 yours. ' +
      'Your key has 1 place. Send fewer at once, or retry later.';
    expect(places.refuseIfFull(mine)?.message).toBe(told);
    expect(await refusalOf(mine)).toBe(told);
    expect(await waiting).toMatch(/waited for 0.03 seconds.* Your key has 1 place\. Send fewer/);
  });

  it('does not speak of the share of one who is refused for the sake of others', async () => {
    places.close();
    places = new Places({ maxConcurrency: 5, maxQueue: 0, queueTimeoutMs: 30 });
    const mine: Claim = { ...MINE, maxPlaces: 2 };
    await Promise.all([mine, THEIRS, THEIRS, THEIRS].map((claim) => places.acquire(claim, signal)));
    expect(await refusalOf(mine)).toMatch(/The last of 5 places is kept for who has none\. Send fewer/);
    await places.acquire({ ...THEIRS, caller: 'a third' }, signal);
    expect(await refusalOf(mine)).toMatch(
      /5 scripts are running and 0 waiting, of them 1 and 0 yours\. Send fewer/,
    );
  });

  it('says before a request is read what would be said of it then', async () => {
    await Promise.all([MINE, MINE, THEIRS].map((claim) => places.acquire(claim, signal)));
    const waiting = refusalOf(MINE);
    expect(places.refuseIfFull(THEIRS)?.message).toBe(await refusalOf(THEIRS));
    await waiting;
  });
});
