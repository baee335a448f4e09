/** What an answer of an interface of another service may look like, whatever was asked. */
import { ROOT } from '../../set-up/places.mjs';

const isText = (value) => typeof value === 'string';
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isList = Array.isArray;

/** Messages by field, of a batch one for each submission. */
const JUDGE0_FIELDS = (body) =>
  isObject(body) && Object.values(body).every((value) => isList(value) && value.every(isText));
const isRpc = (body) =>
  isObject(body) && body.jsonrpc === '2.0' && ('result' in body || Number.isInteger(body.error?.code));

/** By the beginnings of paths. `isForm`: whether a body is of the service's form. */
const FORMS = [
  {
    prefixes: ['/v1/sandbox'],
    isForm: (body) => Number.isInteger(body?.code) && isText(body.message) && 'data' in body,
  },
  {
    prefixes: ['/run', '/healthz'],
    isForm: (body, status) =>
      status === 200 && body?.status === 'ok'
        ? true
        : isObject(body) &&
          ((isText(body.status) &&
            isText(body.stdout) &&
            isText(body.stderr) &&
            Number.isInteger(body.exit_code)) ||
            isText(body.detail) ||
            isList(body.detail)),
  },
  {
    prefixes: ['/api/v2'],
    isForm: (body, status) =>
      status >= 400 ? isText(body?.message) : isList(body) || (isObject(body) && isObject(body.run)),
  },
  {
    prefixes: [
      ...['/submissions', '/languages', '/statuses', '/about', '/config_info', '/system_info'],
      ...['/authenticate', '/authorize', '/workers'],
    ],
    isForm: (body, status) =>
      status >= 400
        ? (isList(body) ? body : [body]).every((one) => isText(one?.error) || JUDGE0_FIELDS(one))
        : isList(body) || isObject(body),
  },
  { prefixes: ['/mcp'], isForm: isRpc, mayBeEmpty: true },
];
const OWN = { isForm: (body) => isText(body?.error) && isText(body.code) && isText(body.requestId) };

/** Nobody but us may see these: where our code lies, how it failed, what it is made of. */
const INTERNAL_WORDS = new RegExp(
  [
    ROOT.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    ...[
      'node_modules',
      '/dist/',
      'pycell_runner',
      '\\.pycell\\b',
      '\\bzygote',
      '\\bnsjail:',
      'ExceptionsHandler',
    ],
    ...['\\n\\s+at .*:\\d+:\\d+', '\\.(ts|js|mjs|cjs):\\d+', 'Cannot read propert', 'is not a function'],
    // Python says of a value in a script: 'int' object is not iterable.
    ...[
      "(?<!' object )is not iterable",
      '\\[object Object\\]',
      '\\bundefined\\b',
      'Maximum call stack',
      'ERR_[A-Z]+_',
    ],
  ].join('|'),
);
const NO_CONTENT = [202, 204, 304];

function formOf(path) {
  const route = path.split('?')[0].toLowerCase();
  return (
    FORMS.find(({ prefixes }) => prefixes.some((one) => route === one || route.startsWith(`${one}/`))) ?? OWN
  );
}

/** Whether a path is one of another service's. */
export function isForeign(path) {
  return formOf(path) !== OWN;
}

/**
 * Returns what is wrong with an answer, in words; null where nothing is.
 * @param {{ method: string, path: string }} request
 * @param {{ status: number, type: string | null, text: string }} answer
 */
export function faultOf({ method, path }, { status, type, text }) {
  if (status >= 500 && status !== 503 && status !== 501) {
    return `the status is ${status}`;
  }
  const word = INTERNAL_WORDS.exec(text)?.[0];
  if (word) {
    return `it says ${JSON.stringify(word)}`;
  }
  const form = formOf(path);
  if (method === 'HEAD' || method === 'OPTIONS' || NO_CONTENT.includes(status)) {
    return null;
  }
  if (text === '' && form.mayBeEmpty) {
    return null;
  }
  if (!/^application\/json\b/.test(type ?? '')) {
    return `its type is ${type}`;
  }
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return 'it is no JSON';
  }
  return form.isForm(body, status) ? null : "it is not of that service's form";
}
