/** Asynchronous executions of a key, as a client of a deployment starts them. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../services/eventually.cjs';
import { ask } from './container.mjs';

const KEY = `pycell_${randomBytes(32).toString('base64url')}`;

/** Makes a folder with a file of one key, readable by the user of containers. @returns { folder, key } */
export function writeKeys(engine) {
  const folder = engine.work('keys');
  const sha256 = [createHash('sha256').update(KEY).digest('hex')];
  const text = JSON.stringify({ keys: [{ name: 'shop', sha256 }] });
  writeFileSync(join(folder, 'keys.json'), text, { mode: 0o644 });
  return { folder, key: KEY };
}

/** That what was accepted ends as HELLO does in nsjail. @param url of executions @returns its id */
export async function checkEnd(engine, url, accepted, key) {
  const { id } = JSON.parse(accepted.body);
  const look = async () => JSON.parse((await ask(engine, `${url}/${id}`, { key })).body);
  const { httpStatus, outcome } = await eventually(look, ({ outcome: told }) => told != null, 30_000);
  const found = [httpStatus, outcome.result, outcome.execution?.isolation];
  assert.deepEqual(found, [200, 'hello', 'nsjail'], JSON.stringify(outcome));
  return id;
}
