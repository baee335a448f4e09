import { FIXED_LIMITS } from '@pycell/contracts';
import { shownName } from '../bodies/json-words';

/** C0 and C1, and DEL. */
// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;
/** The folder for what a script leaves, which is always there. */
const OUTPUT_FOLDER = 'output';

/** Returns what the name of a file must be and is not, null where it is right. It is what a message says of the field. */
export function flawOfFileName(name: string): string | null {
  const { fileNameBytes, fileNameSteps } = FIXED_LIMITS;
  if (name === '') {
    return 'must not be empty';
  }
  const bytes = Buffer.byteLength(name);
  if (bytes > fileNameBytes) {
    return `has ${bytes} bytes of UTF-8, the limit is ${fileNameBytes}`;
  }
  const steps = name.split('/');
  const flaw = flawOfSteps(steps);
  if (flaw) {
    return `is ${shownName(name)}, ${flaw}`;
  }
  if (steps.length > fileNameSteps) {
    return `is ${shownName(name)}, which has ${steps.length} steps, the limit is ${fileNameSteps}`;
  }
  return CONTROL_CHARACTER.test(name) ? `is ${shownName(name)}, it must have no control characters` : null;
}

function flawOfSteps(steps: readonly string[]): string | null {
  if (steps[0] === '') {
    return 'it must be relative, without a / at its beginning';
  }
  if (steps.includes('')) {
    return 'it must have no / at its end and none behind another';
  }
  if (steps.includes('.') || steps.includes('..')) {
    return 'it must have no steps . and ..';
  }
  return steps.length === 1 && steps[0] === OUTPUT_FOLDER
    ? `which is the folder for what a script leaves: a file may lie in it, such as "${OUTPUT_FOLDER}/notes.txt"`
    : null;
}

/** Returns what is wrong with the names of a list of files taken together, null where each can be made. */
export function flawOfFileNames(names: readonly string[]): string | null {
  const indexes = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const other = indexes.get(name);
    if (other !== undefined) {
      return `[${index}].name is ${shownName(name)}, as that of files[${other}]`;
    }
    indexes.set(name, index);
  }
  for (const [index, name] of names.entries()) {
    for (let end = name.indexOf('/'); end > 0; end = name.indexOf('/', end + 1)) {
      const other = indexes.get(name.slice(0, end));
      if (other !== undefined) {
        return `[${index}].name is ${shownName(name)}, which needs a folder where files[${other}] is a file`;
      }
    }
  }
  return null;
}
