import { type OriginatedText, TextOrigins } from './text-origins';

describe('TextOrigins', () => {
  let origins: TextOrigins;
  let now: OriginatedText;

  const write = (text: string): boolean => {
    now = origins.afterEdit(now, text);
    return now.link !== null;
  };
  const load = (text: string): void => void (now = origins.afterLoad(now, text, false));
  const open = (text: string): void => void (now = origins.afterLoad(now, text, true));
  const read = (): void => void (now = origins.afterReading(now));

  beforeEach(() => {
    origins = new TextOrigins();
    now = { text: 'mine', link: null };
  });

  it('takes what is made of a script of a link for part of it, however much is changed', () => {
    open('theirs');
    expect([write('theirs!'), write('their'), write('something else')]).toEqual([true, true, true]);
  });

  it("knows one's own script when undo brings it back, and the link's when redo does", () => {
    open('theirs');
    expect([write('mine'), write('theirs')]).toEqual([false, true]);
  });

  it('knows a script of a link that undo brings back after something else was loaded', () => {
    open('theirs');
    load('example');
    expect([write('theirs'), write('mine'), write('theirs'), write('example')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('knows what somebody made of the script of a link before something else was loaded', () => {
    open('theirs');
    write('theirs, longer');
    load('example');
    write('example, changed');
    // Undo, step by step, and redo.
    expect([
      write('example'),
      write('theirs, longer'),
      write('theirs'),
      write('mine'),
      write('theirs'),
      write('theirs, longer'),
    ]).toEqual([false, true, true, false, true, true]);
  });

  it('lets what is written into an emptied editor run, and knows what had been emptied', () => {
    open('theirs');
    write('theirs, longer');
    expect([write(''), write('own'), write('\n'), write('theirs, longer'), write('theirs')]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('tells two links apart: who has read one has not read the other', () => {
    open('a');
    open('b');
    write('b, changed');
    read();
    expect([write('b'), write('a'), write('b, changed')]).toEqual([false, true, false]);
  });

  it('asks anew about a link that is opened again', () => {
    open('theirs');
    read();
    open('theirs');
    expect(now.link).not.toBeNull();
  });

  it('knows the script of a link that is pasted back', () => {
    open('theirs');
    load('example');
    write('');
    expect(write('theirs')).toBe(true);
  });
});
