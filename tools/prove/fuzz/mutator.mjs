/** Makes wrong requests of right ones: the same for the same random numbers. */
import { Buffer } from 'node:buffer';

const ODD_VALUES = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31), '', ' ', '0', 'null', [], {}, [[]], [null]],
  ...[
    '\u0000',
    '\ud800',
    '\u2028😀',
    '../../etc/passwd',
    '%00%ff',
    '${7*7}',
    'a'.repeat(5_000),
    '=',
    'YQ',
    'YQ==',
  ],
  ...[{ __proto__x: 1 }, { constructor: { prototype: 1 } }, { toString: 1 }, { length: 3 }],
];
const ODD_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'hasOwnProperty',
  'extra',
  '0',
  'length',
  'then',
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const TYPES = [
  ...['text/plain', 'application/xml', 'application/json; charset=latin1', 'multipart/form-data; boundary=x'],
  ...[
    'application/json;',
    'application/vnd.api+json',
    'APPLICATION/JSON',
    'application/x-www-form-urlencoded',
  ],
];
const SCRIPTS = [
  'print(1 + 1)',
  'def main(**inputs):\n    return inputs',
  'def main(*values, **inputs):\n    raise ValueError("no")',
  'import sys\nprint(sys.argv, sys.stdin.read())',
  'raise SystemExit(7)',
  'x = (',
  'import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)',
  'from pathlib import Path\nPath("output/a.txt").write_text("a")',
  'print("x" * 100_000)',
  'print("\\ud83d\\ude00\\x00")',
];
/** Members that hold a script, and whether it is written in base64. */
const SCRIPT_MEMBERS = { code: false, source_code: false, content: false, script: false, code_b64: true };

function picked(list, random) {
  return list[Math.floor(random() * list.length)];
}

/** Every place in a value, as [holder, name]. */
function placesIn(value, found = []) {
  if (value !== null && typeof value === 'object') {
    for (const name of Object.keys(value)) {
      found.push([value, name]);
      placesIn(value[name], found);
    }
  }
  return found;
}

function setOwn(holder, name, value) {
  if (Array.isArray(holder) && name === 'length') {
    return;
  }
  Object.defineProperty(holder, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Stands for a value that is nested so deeply, which is made in the text: nothing of it is walked through here, nor is it put into another. */
function nested(depth) {
  return `nested by ${depth}`;
}

/** Puts what is nested in the place of what stands for it. */
function withNested(json) {
  return json.replace(/"nested by (\d+)"/g, (_, depth) => {
    const pairs = Number(depth) / 2;
    return `${'{"a":['.repeat(pairs)}1${']}'.repeat(pairs)}`;
  });
}

/** Also of an object that has been given a `toString` of its own. */
function asText(value) {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Changes of the body's value, in place. */
const BODY_CHANGES = [
  ([holder, name], random) => setOwn(holder, name, structuredClone(picked(ODD_VALUES, random))),
  ([holder, name]) => (Array.isArray(holder) ? holder.splice(Number(name), 1) : delete holder[name]),
  ([holder], random) =>
    setOwn(holder, picked(ODD_NAMES, random), structuredClone(picked(ODD_VALUES, random))),
  ([holder, name]) => setOwn(holder, name, [holder[name], holder[name]]),
  ([holder, name]) => setOwn(holder, name, { value: holder[name] }),
  ([holder, name]) => setOwn(holder, name, asText(holder[name])),
  ([holder, name], random) => setOwn(holder, name, nested(random() < 0.2 ? 20_000 : 40)),
  ([holder, name], random) => setOwn(holder, name, 'z'.repeat(random() < 0.1 ? 400_000 : 3_000)),
  ([holder, name], random) => setOwn(holder, name, Math.floor((random() - 0.3) * 10 ** (random() * 12))),
];

function changeScript(body, random) {
  const places = placesIn(body).filter(([, name]) => Object.hasOwn(SCRIPT_MEMBERS, name));
  if (places.length > 0) {
    const [holder, name] = picked(places, random);
    const script = picked(SCRIPTS, random);
    holder[name] = SCRIPT_MEMBERS[name] ? Buffer.from(script).toString('base64') : script;
  }
}

/** Changes of the body as it is sent. */
const TEXT_CHANGES = [
  (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  (bytes, random) => {
    const changed = Buffer.from(bytes);
    changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256);
    return changed;
  },
  (bytes) => Buffer.concat([bytes, bytes]),
  (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  () => Buffer.alloc(0),
  () => Buffer.from('[]'),
  () => Buffer.from('"text"'),
  () => Buffer.from('{"a":1,"a":2}'),
];

/** Changes of everything else. */
const ENVELOPE_CHANGES = [
  (request, random) => (request.method = picked(METHODS, random)),
  (request, random) => (request.headers['Content-Type'] = picked(TYPES, random)),
  (request) => delete request.headers['Content-Type'],
  (request, random) => (request.path += picked(['/', '/x', '/%00', '//', '/..%2f', '/%ff', '.json'], random)),
  (request, random) => {
    const name = picked(
      ['base64_encoded', 'wait', 'fields', 'tokens', 'language', 'page', 'a[b]', ''],
      random,
    );
    const value = encodeURIComponent(
      picked(['true', '', '1', 'nope', '*', 'a,b,,', '0'.repeat(300), '\u0000'], random),
    );
    request.path += `${request.path.includes('?') ? '&' : '?'}${name}=${value}`;
  },
  (request, random) =>
    (request.headers.Accept = picked(['text/html', '*/*;q=0', 'text/event-stream', ','], random)),
  (request, random) =>
    (request.headers[picked(['X-Api-Key', 'X-Auth-Token', 'Authorization', 'X-Sandbox-Token'], random)] =
      picked(['', 'Bearer', 'Bearer x', 'pycell_x', 'x'.repeat(3_000)], random)),
];

/**
 * Returns a request as it is to be sent. About one of seven is left right but for its script.
 * @param {{ method: string, path: string, headers?: Record<string, string>, body?: unknown }} right
 * @param {() => number} random
 * @returns {{ method: string, path: string, headers: Record<string, string>, body?: Buffer }}
 */
export function mutated(right, random) {
  const request = { method: right.method, path: right.path, headers: { ...right.headers } };
  const holder = { body: structuredClone(right.body) };
  if (holder.body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
  }
  if (random() < 0.5) {
    changeScript(holder, random);
  }
  const changes = random() < 0.15 ? 0 : 1 + Math.floor(random() * 3);
  let changeText;
  for (let change = 0; change < changes; change++) {
    const kind = random();
    if (kind < 0.7 && holder.body !== undefined) {
      picked(BODY_CHANGES, random)(picked(placesIn(holder), random), random);
    } else if (kind < 0.8) {
      changeText = picked(TEXT_CHANGES, random);
    } else {
      picked(ENVELOPE_CHANGES, random)(request, random);
    }
  }
  const text = holder.body === undefined ? '' : withNested(JSON.stringify(holder.body) ?? '');
  const bytes = changeText && text ? changeText(Buffer.from(text), random) : Buffer.from(text);
  // Who asks by one of these sends no body.
  const { [request.method]: isBare } = { GET: true, HEAD: true };
  return bytes.length > 0 && !isBare ? { ...request, body: bytes } : request;
}
