import { StateMachine } from './state-machine';

const create = () =>
  new StateMachine<'red' | 'green' | 'off', 'go' | 'stop'>(
    { red: { go: 'green' }, green: { go: 'green', stop: 'off' }, off: {} },
    'red',
  );

describe('StateMachine', () => {
  it('changes by the table only', () => {
    const machine = create();
    expect([machine.take('stop'), machine.state]).toEqual([false, 'red']);
    expect([machine.take('go'), machine.state]).toEqual([true, 'green']);
    expect([machine.take('stop'), machine.state]).toEqual([true, 'off']);
    expect([machine.take('go'), machine.state]).toEqual([false, 'off']);
  });

  it('tells when a state is reached, now or later', async () => {
    const machine = create();
    await machine.when('red');
    let reached = false;
    const waiting = machine.when('off').then(() => (reached = true));
    machine.take('go');
    await Promise.resolve();
    expect(reached).toBe(false);
    machine.take('stop');
    await waiting;
    expect(reached).toBe(true);
  });
});
