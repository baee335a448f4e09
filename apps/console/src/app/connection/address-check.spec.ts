import { TestBed } from '@angular/core/testing';
import { FETCH } from '../browser/fetch';
import { SettingsStore } from '../settings/settings-store';
import { AddressCheck } from './address-check';
import { METADATA } from '../../testing/metadata';

type Answer = () => Promise<Response>;

function setUp(answer: Answer): { check: AddressCheck; apiUrl: () => string | null; asked: string[] } {
  localStorage.clear();
  const asked: string[] = [];
  const fetch = (input: URL | string): Promise<Response> => {
    const url = String(input);
    if (url.endsWith('config.json')) return Promise.resolve(response(200, { apiUrl: '/api' }));
    asked.push(url);
    return answer();
  };
  TestBed.configureTestingModule({ providers: [{ provide: FETCH, useValue: fetch }] });
  const settings = TestBed.inject(SettingsStore);
  return { check: TestBed.inject(AddressCheck), apiUrl: () => settings.settings().apiUrl, asked };
}

function response(status: number, body: unknown): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { get: () => 'text/html; charset=utf-8' };
  return {
    status,
    ok: status === 200,
    headers,
    text: () => Promise.resolve(text),
    json: () => Promise.resolve(body),
  } as unknown as Response;
}

function redirected(url: string, body: unknown): Response {
  return Object.assign(response(200, body), { redirected: true, url });
}

describe('AddressCheck', () => {
  it('saves an address at which pycell answers', async () => {
    const { check, apiUrl, asked } = setUp(() => Promise.resolve(response(200, METADATA)));
    await check.save('localhost:9000/execute');
    expect(asked).toContain('http://localhost:9000/');
    expect(check.state()).toEqual({ kind: 'saved', url: 'http://localhost:9000', isRedirected: false });
    expect(apiUrl()).toBe('http://localhost:9000');
  });

  it('saves an address at which pycell wants a key', async () => {
    const refusal = { error: 'No key', code: 'UNAUTHENTICATED', requestId: 'r' };
    const { check, apiUrl } = setUp(() => Promise.resolve(response(401, refusal)));
    await check.save('localhost:9000');
    expect(check.state()).toMatchObject({ kind: 'saved', url: 'http://localhost:9000' });
    expect(apiUrl()).toBe('http://localhost:9000');
  });

  it('saves the address that the typed one leads to: a script is not sent on', async () => {
    const { check, apiUrl } = setUp(() =>
      Promise.resolve(redirected('https://api.example.org/v1/', METADATA)),
    );
    await check.save('http://api.example.org');
    expect(check.state()).toMatchObject({ url: 'https://api.example.org/v1', isRedirected: true });
    expect(apiUrl()).toBe('https://api.example.org/v1');
  });

  it('keeps to the default where that is what was typed', async () => {
    const { check, apiUrl } = setUp(() => Promise.resolve(response(200, METADATA)));
    await check.save('/api');
    expect(check.state().kind).toBe('saved');
    expect(apiUrl()).toBeNull();
  });

  it('changes nothing where something else answers, and says so', async () => {
    const { check, apiUrl } = setUp(() => Promise.resolve(response(200, '<h1>It works!</h1>')));
    await check.save('http://localhost:9000');
    expect(apiUrl()).toBeNull();
    expect(check.state()).toMatchObject({
      kind: 'refused',
      failure: { title: expect.stringContaining('not pycell') },
    });
  });

  it('names both reasons where another origin is silent', async () => {
    const { check, apiUrl } = setUp(() => Promise.reject(new TypeError('Failed to fetch')));
    await check.save('http://other.example');
    expect(apiUrl()).toBeNull();
    expect(check.state()).toMatchObject({
      kind: 'refused',
      failure: { steps: [expect.any(String), expect.stringContaining(`CORS_ORIGINS=${location.origin}`)] },
    });
  });

  it('asks nobody about what is no address', async () => {
    const { check, asked } = setUp(() => Promise.resolve(response(200, METADATA)));
    await check.save('ftp://host');
    expect(asked).toEqual([]);
    expect(check.state().kind).toBe('refused');
  });

  it('forgets a check when the user goes on typing', async () => {
    const answers: ((answer: Response) => void)[] = [];
    const { check, apiUrl } = setUp(() => new Promise((resolve) => answers.push(resolve)));
    const saving = check.save('http://localhost:9000');
    check.forget();
    answers.forEach((answer) => answer(response(200, METADATA)));
    await saving;
    expect(check.state()).toEqual({ kind: 'idle' });
    expect(apiUrl()).toBeNull();
  });

  it('goes back to the default without asking', () => {
    const { check, apiUrl } = setUp(() => Promise.reject(new TypeError('Failed to fetch')));
    TestBed.inject(SettingsStore).update({ apiUrl: 'http://gone.example' });
    check.useDefault();
    expect(apiUrl()).toBeNull();
  });
});
