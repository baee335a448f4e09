import { createHmac } from 'node:crypto';
import { Secret } from '../configuration/secret';
import { callbackSecretOf } from './callback-secret';

const bytes = Buffer.alloc(32, 7);
const master = new Secret(`whsec_${bytes.toString('base64')}`);

describe('callbackSecretOf', () => {
  it('derives one for each key as the documentation says', () => {
    const hmac = createHmac('sha256', bytes).update('pycell callback secret\nshop').digest('base64');
    expect(callbackSecretOf(master, 'shop').reveal()).toBe(`whsec_${hmac}`);
  });

  it('gives one to all callers without a key, and another to each key and to each service', () => {
    const other = new Secret(Buffer.alloc(32, 8).toString('base64'));
    const secrets = [
      callbackSecretOf(master, null),
      callbackSecretOf(master, 'shop'),
      callbackSecretOf(master, 'Shop'),
      callbackSecretOf(other, null),
    ].map((secret) => secret.reveal());
    expect(new Set(secrets).size).toBe(4);
  });

  it('takes the secret with and without its prefix', () => {
    const bare = new Secret(bytes.toString('base64'));
    expect(callbackSecretOf(bare, 'shop').reveal()).toBe(callbackSecretOf(master, 'shop').reveal());
  });

  it('does not show a secret that is not valid', () => {
    const refused = () => callbackSecretOf(new Secret('hunter2'), null);
    expect(refused).toThrow('CALLBACK_SECRET is not valid');
    expect(refused).not.toThrow('hunter2');
  });
});
