import type { Request } from 'express';
import { ForeignForms, pathOf } from './foreign-forms';

const at = (path: string, baseUrl = ''): Request => ({ path, baseUrl }) as Request;
const form = (prefix: string) => ({
  prefixes: [prefix],
  endpoints: [{ method: 'POST' as const, path: prefix, description: prefix }],
  errorOf: () => ({ status: 400, body: { error: prefix } }),
});

describe('ForeignForms', () => {
  const [dify, ragflow] = [form('/v1/sandbox'), form('/run')];
  const forms = new ForeignForms();
  forms.use([dify, ragflow]);

  it.each([
    ['/run', ragflow],
    ['/RUN/', ragflow],
    ['/run/deeper', ragflow],
    ['/runs', null],
    ['/', null],
    ['/execute', null],
    ['/v1/sandbox/run', dify],
    ['/V1/Sandbox', dify],
    ['/v1', null],
    ['/v1/sandboxes', null],
  ])('of %s is that of whose path it is', (path, expected) => {
    expect(forms.of(at(path))).toBe(expected);
  });

  it('looks at the whole path within what is mounted on a part of it', () => {
    expect(pathOf(at('/', '/run'))).toBe('/run');
    expect(forms.of(at('/', '/Run'))).toBe(ragflow);
    expect(forms.of(at('/run', '/v1/sandbox'))).toBe(dify);
  });

  it('has none where no interface is on', () => {
    expect(new ForeignForms().of(at('/run'))).toBeNull();
    expect(new ForeignForms().endpoints).toEqual([]);
  });
});
