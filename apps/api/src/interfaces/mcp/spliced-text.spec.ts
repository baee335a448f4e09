import { Splices } from './spliced-text';

const textOf = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString();

describe('Splices', () => {
  it('puts JSON in the places of the texts that stand for it, in any order and as often as they come', () => {
    const splices = new Splices();
    const big = splices.add(Buffer.from('123456789012345678901234567890'));
    const text = splices.add('"é"');
    const json = JSON.stringify({ a: text, list: [big, 1, big], b: 'x' });
    expect(textOf(splices.into(json))).toBe(
      '{"a":"é","list":[123456789012345678901234567890,1,123456789012345678901234567890],"b":"x"}',
    );
  });

  it('leaves a text alone that has no place', () => {
    expect(textOf(new Splices().into('{"a":"splice000000"}'))).toBe('{"a":"splice000000"}');
  });

  it('stands for it by what is base64', () => {
    const splices = new Splices();
    splices.add('1');
    const text = splices.add('2');
    expect(Buffer.from(text, 'base64').toString('base64')).toBe(text);
  });

  it('cannot be foreseen', () => {
    expect(new Splices().add('1')).not.toBe(new Splices().add('1'));
  });

  it('does not put what it has put in into itself', () => {
    const splices = new Splices();
    const inner = splices.add('"inner"');
    const outer = splices.add(JSON.stringify(inner));
    expect(textOf(splices.into(JSON.stringify([outer])))).toBe(JSON.stringify([inner]));
  });
});
