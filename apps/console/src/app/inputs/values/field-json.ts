import type { InputKind } from '../../script/run-setup';
import { CsvError, parseCsv, recordsJson } from './csv';
import { isJsonNumber } from './json-number';

/** The JSON text of what was typed, or why it has none: words that follow the name of the field. */
export type FieldJson = { readonly json: string } | { readonly problem: string };

/** What a text means in a field of that kind; the text is not empty. */
export function jsonOfText(kind: InputKind, text: string): FieldJson {
  switch (kind) {
    case 'integer':
      return integerJson(text.trim());
    case 'number':
      return numberJson(text.trim());
    case 'text':
      return { json: JSON.stringify(text) };
    case 'date':
    case 'date-time':
    case 'time':
      return { json: JSON.stringify(text.trim()) };
    case 'boolean':
    case 'choice':
      return { json: text };
    case 'list':
      return structureJson(text, '[', 'a JSON list, such as [1, 2]');
    case 'object':
      return structureJson(text, '{', 'a JSON object, such as {"a": 1}');
    case 'table':
      return tableJson(text);
    case 'any':
      return anyJson(text);
    default:
      return kind satisfies never;
  }
}

/** What to show for a JSON text in a field of that kind, so that `jsonOfText` gives it back. */
export function textOfJson(kind: InputKind, json: string): string {
  const value = kind === 'any' || json.startsWith('"') ? plainText(json) : null;
  switch (kind) {
    case 'text':
    case 'date':
    case 'date-time':
    case 'time':
      return json === 'null' ? '' : (value ?? json);
    case 'any':
      // A text that looks like JSON stays in its quotes.
      return value !== null && value !== '' && !looksLikeJson(value) ? value : json;
    case 'integer':
    case 'number':
    case 'boolean':
    case 'choice':
    case 'list':
    case 'object':
    case 'table':
      return json === 'null' && kind !== 'choice' ? '' : json;
    default:
      return kind satisfies never;
  }
}

/** @returns why a text is no JSON; null where it is */
export function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof SyntaxError ? error.message : String(error);
  }
}

/** Whether a text in a field for any value is taken for JSON. */
export function looksLikeJson(text: string): boolean {
  return /^\s*[[{"]/.test(text) || jsonProblem(text) === null;
}

function integerJson(text: string): FieldJson {
  const [, minus = '', digits] = /^([+-]?)0*(\d+)$/.exec(text) ?? [];
  if (digits === undefined) return { problem: 'must be a whole number' };
  return { json: `${minus === '-' ? '-' : ''}${digits}` };
}

function numberJson(text: string): FieldJson {
  const json = text
    .replace(/^\+/, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=$|[eE])/, '.0');
  return isJsonNumber(json) ? { json } : { problem: 'must be a number, such as 1.5' };
}

function structureJson(text: string, opening: '[' | '{', words: string): FieldJson {
  const json = text.trim();
  const problem = jsonProblem(json);
  if (problem !== null) return { problem: `must be ${words}. ${problem}` };
  return json.startsWith(opening) ? { json } : { problem: `must be ${words}` };
}

/** CSV, or the records as JSON. */
function tableJson(text: string): FieldJson {
  if (/^\s*[[{]/.test(text)) {
    const json = text.trim();
    const problem = jsonProblem(json);
    return problem === null ? { json } : { problem: `is neither CSV nor JSON. ${problem}` };
  }
  try {
    return { json: recordsJson(parseCsv(text)) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { problem: `is no CSV. ${error.message}` };
  }
}

/** JSON where it is that, else the text: nobody writes quotes around a name. */
function anyJson(text: string): FieldJson {
  if (!looksLikeJson(text)) return { json: JSON.stringify(text) };
  const problem = jsonProblem(text);
  return problem === null ? { json: text.trim() } : { problem: `is not JSON. ${problem}` };
}

function plainText(json: string): string | null {
  const value: unknown = JSON.parse(json);
  return typeof value === 'string' ? value : null;
}
