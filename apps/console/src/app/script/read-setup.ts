import { EXECUTION_MODES, type RequestedLimits } from '@pycell/contracts';
import {
  type AttachedFile,
  type FileContent,
  INPUT_KINDS,
  type InputEntry,
  type InputsDraft,
  NO_INPUTS,
  PLAIN_SETUP,
  type RunSetup,
} from './run-setup';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads a setup that was kept in the browser, or came by a link: by this console, an older or a newer one, or by anybody.
 * What is not as it should be is left out.
 */
export function readSetup(value: unknown): RunSetup {
  const fields = fieldsOf(value);
  return {
    mode: EXECUTION_MODES.find((mode) => mode === fields['mode']) ?? PLAIN_SETUP.mode,
    inputs: readInputs(fields['inputs']),
    stdin: textOf(fields['stdin']),
    files: Array.isArray(fields['files']) ? fields['files'].flatMap(readFile) : [],
    limits: readLimits(fields['limits']),
  };
}

function readInputs(value: unknown): InputsDraft {
  const { view, entries, json } = fieldsOf(value);
  return {
    view: view === 'json' ? 'json' : NO_INPUTS.view,
    // As own properties, whatever their names are: `__proto__` is one too.
    entries: Object.fromEntries(
      Object.entries(fieldsOf(entries)).flatMap(([name, entry]) =>
        readEntry(entry).map((read) => [name, read] as const),
      ),
    ),
    json: textOf(json),
  };
}

function readEntry(value: unknown): InputEntry[] {
  const { kind, text } = fieldsOf(value);
  const known = INPUT_KINDS.find((name) => name === kind);
  return known && typeof text === 'string' && text !== '' ? [{ kind: known, text }] : [];
}

function readFile(value: unknown): AttachedFile[] {
  const { id, name, sizeBytes, content } = fieldsOf(value);
  if (typeof id !== 'string' || typeof name !== 'string' || typeof sizeBytes !== 'number') return [];
  return [{ id, name, sizeBytes, content: readContent(content) }];
}

function readContent(value: unknown): FileContent | null {
  const { text, base64 } = fieldsOf(value);
  if (typeof text === 'string') return { text };
  return typeof base64 === 'string' ? { base64 } : null;
}

function readLimits(value: unknown): RequestedLimits {
  const { timeoutMs, memoryMb } = fieldsOf(value);
  return {
    ...(isWhole(timeoutMs) && { timeoutMs }),
    ...(isWhole(memoryMb) && { memoryMb }),
  };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
