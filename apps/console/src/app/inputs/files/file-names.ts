import { FIXED_LIMITS } from '@pycell/contracts';
import type { AttachedFile } from '../../script/run-setup';

/** @returns why a file cannot have that name: words that follow it; null where it can */
export function fileNameProblem(name: string): string | null {
  if (name === '') return 'needs a name';
  if (name.includes('\0') || !name.isWellFormed()) return 'has a character that no file can have in its name';
  if (new TextEncoder().encode(name).length > FIXED_LIMITS.fileNameBytes) {
    return `has a name of more than ${FIXED_LIMITS.fileNameBytes} bytes`;
  }
  const steps = name.split('/');
  if (name.startsWith('/')) return 'must be relative: without / at the beginning';
  if (steps.some((step) => ['', '.', '..'].includes(step)))
    return 'must be a path without ., .. and empty steps';
  return steps.length > FIXED_LIMITS.fileNameSteps
    ? `lies deeper than ${FIXED_LIMITS.fileNameSteps} steps`
    : null;
}

/** The same for each of the files, by id: two files have two names, and none is the folder of another. */
export function fileProblems(files: readonly AttachedFile[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const names = new Set<string>();
  const folders = new Set(files.flatMap(({ name }) => foldersOf(name)));
  for (const { id, name, content } of files) {
    const problem =
      fileNameProblem(name) ??
      (names.has(name) ? 'has the name of another file' : null) ??
      (folders.has(name) ? 'has the name of a folder' : null) ??
      (content ? null : 'is not here any more: attach it again, or remove it');
    if (problem !== null) problems.set(id, problem);
    names.add(name);
  }
  return problems;
}

/** The name that a file of the user's machine gets: its own, made relative, in one step or those of its folder. */
export function nameForFile({ name, webkitRelativePath }: File): string {
  const path = (webkitRelativePath || name).toWellFormed().replaceAll('\0', '');
  return path.replace(/^\/+/, '') || 'file';
}

function foldersOf(name: string): string[] {
  const steps = name.split('/');
  return steps.slice(1).map((_, at) => steps.slice(0, at + 1).join('/'));
}
