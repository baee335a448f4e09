import { checkZygotes } from './zygote-check';

describe('checkZygotes', () => {
  it('finds nothing where both work', () => {
    expect(checkZygotes({ immortalObjects: true, memorySnapshot: true })).toEqual({
      name: 'zygotes',
      status: 'ok',
      found: 'immortal objects: yes, memory snapshot: yes',
    });
  });

  it.each([
    [{ immortalObjects: false, memorySnapshot: true }, 'it needs Python 3.12 or newer'],
    [{ immortalObjects: true, memorySnapshot: false }, 'it needs Linux 5.14 or newer'],
    [{ immortalObjects: false, memorySnapshot: false }, 'it needs Python 3.12 or newer; and Linux 5.14'],
  ])('says of %j what it costs and needs', (zygotes, remedy) => {
    expect(checkZygotes(zygotes)).toMatchObject({
      status: 'limited',
      cost: expect.stringContaining('twice the CPU time'),
      remedy: expect.stringContaining(remedy),
    });
  });
});
