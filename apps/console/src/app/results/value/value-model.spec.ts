import { TestBed } from '@angular/core/testing';
import { ValueModel } from './value-model';

describe('ValueModel', () => {
  let model: ValueModel;

  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [ValueModel] });
    model = TestBed.inject(ValueModel);
  });

  const viewOf = (value: unknown): string => {
    model.show(JSON.stringify(value));
    return model.view();
  };
  const frame = (...names: string[]): unknown =>
    [1, 2].map((value) => Object.fromEntries(names.map((name) => [name, value])));

  it('keeps the view that was chosen for a table of the same columns, and for no other', () => {
    expect(viewOf(frame('a', 'b'))).toBe('table');
    model.choose('tree');
    expect(viewOf(frame('a', 'b'))).toBe('tree');
    expect(viewOf(frame('c', 'd'))).toBe('table');
    expect(viewOf(frame('a', 'b'))).toBe('tree');
  });

  it('opens no table as a tree, since a tree was chosen for an object', () => {
    expect(viewOf({ a: 'x' })).toBe('tree');
    model.choose('raw');
    expect(viewOf({ b: ['y'] })).toBe('raw');
    expect(viewOf(frame('a'))).toBe('table');
  });
});
