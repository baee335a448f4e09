import type { IncomingMessage } from 'node:http';
import { foreignKeyOf, NO_KEY, sentKeyOf, SEVERAL_KEYS } from './sent-key';

const sentBy = (...rawHeaders: string[]) => sentKeyOf({ rawHeaders } as IncomingMessage);

describe('sentKeyOf', () => {
  it.each([
    [['Host', 'x'], NO_KEY],
    [['X-API-Key', 'k'], 'k'],
    [['x-api-key', 'k'], 'k'],
    [['Authorization', 'Bearer k'], 'k'],
    [['authorization', 'bEaReR   k'], 'k'],
    [['X-Api-Kez', 'k', 'Authorizatiom', 'k'], NO_KEY],
    [['Proxy-Authorization', 'Bearer k'], NO_KEY],
    // Sent, and wrong: none has the form of a key.
    [['X-API-Key', ''], ''],
    [['X-API-Key', 'Bearer k'], 'Bearer k'],
    [['Authorization', 'k'], ''],
    [['Authorization', 'Bearer'], ''],
    [['Authorization', 'Basic azp2'], ''],
    // More than one, be it the same.
    [['X-API-Key', 'k', 'X-API-Key', 'k'], SEVERAL_KEYS],
    [['X-API-Key', 'k', 'x-API-key', 'l'], SEVERAL_KEYS],
    [['X-API-Key', 'k, l'], SEVERAL_KEYS],
    [['X-API-Key', 'k', 'Authorization', 'Bearer k'], SEVERAL_KEYS],
    [['Authorization', 'Basic azp2', 'X-API-Key', 'k'], SEVERAL_KEYS],
    [['Authorization', 'Bearer k', 'Authorization', 'Bearer l'], SEVERAL_KEYS],
    [['Authorization', 'Bearer k, Bearer l'], SEVERAL_KEYS],
  ])('of %j is %p', (headers, sent) => {
    expect(sentBy(...headers)).toBe(sent);
  });
});

describe('foreignKeyOf', () => {
  it.each([
    [['Host', 'x'], NO_KEY],
    [['X-API-Key', 'k'], 'k'],
    [['Authorization', 'Bearer k'], 'k'],
    [['X-Auth-Token', 'k'], 'k'],
    [['x-auth-token', 'Bearer k'], 'k'],
    [['X-Auth-User', 'k'], NO_KEY],
    [['X-Auth-Token', ''], ''],
    [['X-Auth-Token', 'k', 'X-Auth-Token', 'k'], SEVERAL_KEYS],
    [['X-Auth-Token', 'k', 'X-API-Key', 'l'], SEVERAL_KEYS],
    [['Authorization', 'Bearer k', 'X-Other-Token', 'l'], SEVERAL_KEYS],
    [['X-API-Key', 'k', 'X-API-Key', 'l', 'X-Auth-Token', 'm'], SEVERAL_KEYS],
    [['X-Auth-Token', 'k, l'], SEVERAL_KEYS],
  ])('of %j is %p', (rawHeaders, sent) => {
    expect(foreignKeyOf({ rawHeaders } as IncomingMessage, ['x-auth-token', 'x-other-token'])).toBe(sent);
  });
});
