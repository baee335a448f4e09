import { RequestFailure } from '../http/request-failure';
import { shownName } from './json-words';

/** What other services call a field, or people try. */
interface OtherNames {
  readonly names: RegExp;
  /** What to do instead. */
  readonly hint: string;
}

const SCRIPT_HINT = 'The script is sent as "script": {"script": "def main():\\n    return 1"}';

/** Of the body itself; the first that fits. */
const OF_BODY: readonly OtherNames[] = [
  {
    names: /^(inputs?|args?|arguments|kwargs|param(eter)?s|var(iable)?s|data|payload|context|env)$/i,
    hint: 'What main() is called with is sent as "inputs", by name: {"inputs": {"city": "Oslo"}}',
  },
  {
    names: /^(std_?in|standard_?input)$/i,
    hint: 'Standard input is sent as "stdin", a string',
  },
  {
    names: /^(files?|attachments?|uploads?)$/i,
    hint: 'Files are sent as "files": [{"name": "data.csv", "text": "a,b\\n1,2\\n"}]',
  },
  {
    names: /time_?out|time_?limit|max_?time/i,
    hint: 'Time is limited by "limits.timeoutMs", milliseconds: {"limits": {"timeoutMs": 2000}}',
  },
  {
    names: /memory/i,
    hint: 'Memory is limited by "limits.memoryMb", MiB: {"limits": {"memoryMb": 256}}',
  },
  {
    names: /limits?$/i,
    hint: 'A request may choose "limits.timeoutMs" and "limits.memoryMb"; the other limits are set by whoever runs the service, GET / tells them',
  },
  {
    names: /^(code|source|source_?code|src|python|py|program|content|text|snippet|cmd|command|body)$/i,
    hint: SCRIPT_HINT,
  },
];

const OF_FILE: readonly OtherNames[] = [
  {
    names: /^(content|contents|body|value|data|string)$/i,
    hint: 'The content of a file is sent as "text", or as "base64" where it is not text',
  },
  {
    names: /^(filename|file_?name|path|file|key)$/i,
    hint: 'The name of a file is sent as "name", such as "data/sales.csv"',
  },
  {
    names: /^(encoding|type|media_?type|mime_?type|content_?type|bytes|b64|base_?64)$/i,
    hint: 'Text is sent as "text", which is UTF-8, and all else as "base64"; nothing besides says what it is',
  },
];

const OF_LIMITS: readonly OtherNames[] = [
  { names: /time/i, hint: 'Time is limited by "timeoutMs", milliseconds: {"limits": {"timeoutMs": 2000}}' },
  { names: /mem/i, hint: 'Memory is limited by "memoryMb", MiB: {"limits": {"memoryMb": 256}}' },
];

/**
 * Returns the refusal of a field that there is not.
 * @param parent the path of the object that has it, empty for the body
 * @param known the fields that the object may have
 * @param missing those that it must have, and has not
 */
export function unknownField(
  parent: string,
  name: string,
  known: readonly string[],
  missing: readonly string[],
): RequestFailure {
  const path = (field: string): string => (parent === '' ? field : `${parent}.${field}`);
  const also = missing.length > 0 ? `; field ${missing.map(path).join(', ')} is missing` : '';
  return new RequestFailure('INVALID_REQUEST', `Unknown field ${shownName(path(name))}${also}`, {
    hint: hintOf(parent, name, known, missing),
  });
}

function hintOf(parent: string, name: string, known: readonly string[], missing: readonly string[]): string {
  const table = parent === '' ? OF_BODY : parent === 'limits' ? OF_LIMITS : OF_FILE;
  const meant = table.find(({ names }) => names.test(name))?.hint;
  const isKnown = known.some((field) => meant?.includes(`"${field}`));
  if (meant !== undefined && isKnown) {
    return `${meant}.`;
  }
  return missing.includes('script')
    ? `${SCRIPT_HINT}.`
    : `The fields are ${known.map((field) => `"${field}"`).join(', ')}. Leave the other out.`;
}
