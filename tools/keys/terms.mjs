/** What a key may do, as options say it and as a table shows it. */
import { SetUpError } from '../set-up/progress.mjs';

/** Takes a term away, so that the service's own holds. */
const DEFAULT = 'default';

/** The options, and how each becomes the field of a key. Whether the value is one that the service takes, its rules say. */
const TERMS = {
  rate: { field: 'rate', read: readRate },
  places: { field: 'places', read: readNumber },
  'timeout-ms': { field: 'timeoutMs', read: readNumber },
  'memory-mb': { field: 'memoryMb', read: readNumber },
  'script-size': { field: 'scriptSize', read: readNumber },
  policy: { field: 'policy', read: readPolicy },
  expires: { field: 'expires', read: readExpiry },
};

export const TERM_OPTIONS = Object.fromEntries(Object.keys(TERMS).map((name) => [name, { type: 'string' }]));

/** Puts the terms that options name into a key of the file. @returns {string[]} the names of the fields */
export function applyTerms(key, options) {
  const named = Object.entries(TERMS).filter(([name]) => options[name] !== undefined);
  for (const [name, { field, read }] of named) {
    if (options[name] === DEFAULT) {
      delete key[field];
    } else {
      key[field] = read(name, options[name]);
    }
  }
  return named.map(([, { field }]) => field);
}

function readNumber(name, text) {
  if (!/^\d+$/.test(text)) {
    throw new SetUpError(`--${name} is "${text}", expected a whole number, or "${DEFAULT}".`);
  }
  return Number(text);
}

function readRate(name, text) {
  const [, requests, seconds] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (requests === undefined) {
    throw new SetUpError(
      `--${name} is "${text}", expected requests and seconds such as 600/60, or "${DEFAULT}".`,
    );
  }
  return { requests: Number(requests), seconds: Number(seconds) };
}

function readPolicy(name, text) {
  if (text === 'off' || text === 'enforce') {
    return text;
  }
  const [, names] = /^allow:(.+)$/.exec(text) ?? [];
  if (names === undefined) {
    throw new SetUpError(
      `--${name} is "${text}", expected off, enforce, names such as allow:open,os, or "${DEFAULT}".`,
    );
  }
  return { allow: names.split(',').map((allowed) => allowed.trim()) };
}

/** A day is its beginning in UTC. */
function readExpiry(_name, text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
}

function policyText(policy) {
  return policy && typeof policy === 'object' ? `allow:${policy.allow.join(',')}` : policy;
}

function stateText({ disabled, expiresAtMs }) {
  if (disabled) return 'off';
  if (expiresAtMs === null) return 'on';
  return `${expiresAtMs <= Date.now() ? 'expired' : 'until'} ${new Date(expiresAtMs).toISOString()}`;
}

const COLUMNS = {
  name: ({ name }) => name,
  state: stateText,
  keys: ({ sha256 }) => sha256.length,
  rate: ({ rate }) => rate && `${rate.requests}/${rate.seconds}`,
  places: ({ places }) => places,
  'timeout-ms': ({ timeoutMs }) => timeoutMs,
  'memory-mb': ({ memoryMb }) => memoryMb,
  'script-size': ({ scriptSize }) => scriptSize,
  policy: ({ policy }) => policyText(policy),
};

/** @param entries as the service reads them @returns a table, `-` where the service's own term holds */
export function tableOf(entries) {
  const rows = [
    Object.keys(COLUMNS),
    ...entries.map((entry) => Object.values(COLUMNS).map((cell) => String(cell(entry) ?? '-'))),
  ];
  const widths = Object.keys(COLUMNS).map((_, at) => Math.max(...rows.map((row) => row[at].length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
