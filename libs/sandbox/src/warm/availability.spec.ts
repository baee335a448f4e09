import { getEventListeners } from 'node:events';
import { Availability } from './availability';

const never = new AbortController().signal;

describe('Availability', () => {
  it('gives what is there at once', async () => {
    const availability = new Availability<string>();
    availability.provide('first');
    await expect(availability.get(never)).resolves.toBe('first');
  });

  it('has everybody wait until it is there', async () => {
    const availability = new Availability<string>();
    const waiting = [availability.get(never), availability.get(never)];
    availability.provide('first');
    await expect(Promise.all(waiting)).resolves.toEqual(['first', 'first']);
  });

  it('has those who ask while it is replaced wait for the next', async () => {
    const availability = new Availability<string>();
    availability.provide('first');
    availability.withdraw('first');
    const waiting = availability.get(never);
    availability.provide('second');
    await expect(waiting).resolves.toBe('second');
  });

  it('does not lose the next by the end of the one before it', async () => {
    const availability = new Availability<string>();
    availability.provide('first');
    availability.provide('second');
    availability.withdraw('first');
    await expect(availability.get(never)).resolves.toBe('second');
  });

  it('tells who waits and who asks later, at once, that it did not come up', async () => {
    const availability = new Availability<string>();
    const waiting = availability.get(never);
    availability.fail(new Error('no jail'));
    await expect(waiting).rejects.toThrow('no jail');
    await expect(availability.get(never)).rejects.toThrow('no jail');
  });

  it('forgets the failure once it is there, also while that is replaced', async () => {
    const availability = new Availability<string>();
    availability.fail(new Error('no jail'));
    availability.provide('first');
    await expect(availability.get(never)).resolves.toBe('first');
    availability.withdraw('first');
    const waiting = availability.get(never);
    availability.provide('second');
    await expect(waiting).resolves.toBe('second');
  });

  it('stops waiting for a signal, and leaves nothing on any', async () => {
    const availability = new Availability<string>();
    const controller = new AbortController();
    const other = new AbortController();
    const impatient = availability.get(controller.signal);
    const patient = availability.get(other.signal);
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    availability.provide('first');
    await expect(patient).resolves.toBe('first');
    expect(getEventListeners(other.signal, 'abort')).toEqual([]);
  });

  it('gives nothing to a signal that has aborted already', async () => {
    const availability = new Availability<string>();
    availability.provide('first');
    await expect(availability.get(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });
});
