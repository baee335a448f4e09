/** Asks the interfaces of other services, which the description does not have, by requests that were changed at random. */
import { request } from 'node:http';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'node:querystring';
import { ROOT } from '../../set-up/places.mjs';
import { faultOf, isForeign } from './forms.mjs';
import { mutated } from './mutator.mjs';

const INTERFACES = join(ROOT, 'apps/api/src/interfaces');
const CLIENTS = 4;
const TIMEOUT_MS = 60_000;
const TOKEN = '7fe20ca2-d3e1-4cd2-aeed-74282d54b2fd';
const SHOWN = 400;

/** What interfaces without golden requests of their own are asked. */
const rpc = (method, params) => ({
  method: 'POST',
  path: '/mcp',
  headers: { Accept: 'application/json, text/event-stream', 'MCP-Protocol-Version': '2025-06-18' },
  body: { jsonrpc: '2.0', id: 1, method, ...(params && { params }) },
});
const CLIENT = {
  protocolVersion: '2025-06-18',
  capabilities: {},
  clientInfo: { name: 'fuzz', version: '1' },
};
const MORE = [
  rpc('initialize', CLIENT),
  rpc('notifications/initialized'),
  rpc('ping'),
  rpc('tools/list'),
  rpc('tools/call', { name: 'run_python', arguments: { script: 'print(1)', mode: 'script' } }),
  rpc('tools/call', {
    name: 'run_python',
    arguments: {
      script: 'def main(a):\n    return a',
      inputs: { a: 1 },
      files: [{ name: 'a.txt', text: 'a' }],
    },
  }),
  {
    method: 'POST',
    path: '/submissions/batch?base64_encoded=false',
    body: { submissions: [{ source_code: 'print(1)', language_id: 71, stdin: 'x' }] },
  },
  {
    method: 'POST',
    path: '/submissions',
    body: { source_code: 'print(input())', language_id: 71, stdin: 'x' },
  },
  { method: 'GET', path: `/submissions/batch?tokens=${TOKEN}` },
];

function goldenRequests() {
  return readdirSync(INTERFACES, { recursive: true })
    .filter((file) => /golden\/.*\.json$/.test(file))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(INTERFACES, file), 'utf8')))
    .map(({ method, path, query, body }) => {
      const more = stringify(query);
      return { method, path: more ? `${path}${path.includes('?') ? '&' : '?'}${more}` : path, body };
    });
}

/** What the service itself says that it answers to. */
async function listedRequests(url) {
  const { endpoints } = await (await fetch(`${url}/`)).json();
  return endpoints
    .filter(({ method, path }) => method !== 'POST' && isForeign(path))
    .map(({ method, path }) => ({ method, path: path.replace('{id}', '71').replace('{token}', TOKEN) }));
}

/** Each on a connection of its own: what stays open behind it is the service's. */
function send(port, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    // Node says it of its own accord for some methods only.
    const framed = body ? { ...headers, 'Content-Length': body.length } : headers;
    const asked = request(
      { host: '127.0.0.1', port, method, path, headers: framed, agent: false, timeout: TIMEOUT_MS },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece) => (text += piece));
        answer.once('error', reject);
        answer.once('end', () =>
          resolve({ status: answer.statusCode, type: answer.headers['content-type'], text }),
        );
      },
    );
    asked.once('timeout', () => asked.destroy(new Error('not in time')));
    asked.once('error', reject);
    asked.end(body);
  });
}

/**
 * @param {{ port: number, cases: number, random: () => number }} how
 * @returns {Promise<{ sent: number, counts: Map<number, number>, faults: string[] }>} `counts`: answers by their status
 */
export async function askInterfaces({ port, cases, random }) {
  const url = `http://127.0.0.1:${port}`;
  const right = [...goldenRequests(), ...MORE, ...(await listedRequests(url))];
  const planned = Array.from({ length: cases }, (_, index) => mutated(right[index % right.length], random));
  const counts = new Map();
  const faults = [];
  let sent = 0;
  const ask = async (next) => {
    let answer;
    try {
      answer = await send(port, next);
    } catch (error) {
      faults.push(`${next.method} ${next.path}: no answer (${error.message})`);
      return;
    }
    sent += 1;
    counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
    const fault = faultOf(next, answer);
    if (fault) {
      const body = next.body?.subarray(0, SHOWN).toString() ?? '';
      const asked = `${next.method} ${next.path} ${JSON.stringify(next.headers)} ${body}`;
      faults.push(`${fault}: ${asked} -> ${answer.status} ${answer.text.slice(0, SHOWN)}`);
    }
  };
  const client = async () => {
    for (let next = planned.pop(); next; next = planned.pop()) {
      await ask(next);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { sent, counts, faults };
}
