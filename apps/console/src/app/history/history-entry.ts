import type { RunOutcome } from '../api/run-outcome';
import { artifactsOf } from '../outcomes/left-artifacts';
import { describeOutcome, type OutcomeDescription } from '../outcomes/outcome-description';
import type { FinishedRun } from '../runs/run-store';
import { keptFiles } from '../script/kept-files';
import { type AttachedFile, isPlain, type RunSetup, withoutContents } from '../script/run-setup';
import { titleOfScript } from './script-title';

/** A run, or a script that was replaced before it was run: what the list shows of it. */
export interface HistoryEntry {
  readonly id: string;
  readonly kind: 'run' | 'draft';
  /** When the run began, or the script was put away; milliseconds since the epoch. */
  readonly at: number;
  /** As the user saw it, network included, milliseconds; null for a draft. */
  readonly elapsedMs: number | null;
  readonly script: string;
  /** What it was run with, of its files the names; absent where that was nothing. */
  readonly setup?: RunSetup;
  /** Of a draft that came by a link and was not confirmed: the user is asked before it runs. */
  readonly isUnread?: boolean;
  readonly title: string;
  /** The outcome as it was described then; null for a draft. */
  readonly outcome: Pick<OutcomeDescription, 'tone' | 'title'> | null;
  /** UTF-16 code units of the result's JSON text; null where there is none. */
  readonly resultLength: number | null;
  /** The files that the script left were too large to be kept. */
  readonly isWithoutArtifacts?: boolean;
  /** What the entry takes, about, without attached files: runs may share them; UTF-16 code units. */
  readonly weight: number;
}

/** An entry with its outcome, which is read only when it is needed. */
export interface HistoryRecord {
  readonly entry: HistoryEntry;
  /** null for a draft, and where the result was too large to be kept. */
  readonly outcome: RunOutcome | null;
  /** The attached files whose contents are kept. */
  readonly files: readonly AttachedFile[];
}

/** A larger result is not kept: half a JSON text is none. UTF-16 code units. */
export const MAX_KEPT_RESULT = 256 * 1024;
/** Files that a script left are kept together, or not at all; characters of base64. */
export const MAX_KEPT_ARTIFACTS = 256 * 1024;
/** Longer output is cut. UTF-16 code units. */
export const MAX_KEPT_OUTPUT = 64 * 1024;

export function recordOfRun(
  id: string,
  { script, setup, startedAt, elapsedMs, outcome }: FinishedRun,
): HistoryRecord {
  const { tone, title } = describeOutcome(outcome);
  const kept = boundOutcome(outcome);
  const entry: HistoryEntry = {
    id,
    kind: 'run',
    at: startedAt,
    elapsedMs,
    script,
    ...keptSetup(setup),
    title: titleOfScript(script),
    outcome: { tone, title },
    resultLength: outcome.kind === 'succeeded' ? outcome.resultText.length : null,
    ...(artifactsLength(outcome) > MAX_KEPT_ARTIFACTS && { isWithoutArtifacts: true }),
    weight: script.length + weightOfSetup(setup) + weightOf(kept),
  };
  return { entry, outcome: kept, files: keptFiles(setup.files) };
}

/** A script that is put away before it was run. */
export interface Draft {
  readonly script: string;
  readonly setup: RunSetup;
  /** It came by a link and is not confirmed yet. */
  readonly isUnread: boolean;
}

export function recordOfDraft(id: string, { script, setup, isUnread }: Draft, at: number): HistoryRecord {
  const title = titleOfScript(script);
  const entry: HistoryEntry = {
    id,
    kind: 'draft',
    at,
    elapsedMs: null,
    script,
    ...keptSetup(setup),
    ...(isUnread && { isUnread }),
    title,
    outcome: null,
    resultLength: null,
    weight: script.length + weightOfSetup(setup),
  };
  return { entry, outcome: null, files: keptFiles(setup.files) };
}

/** Whether the outcome of a run was too large to be kept. */
export function isResultMissing({ resultLength }: HistoryEntry): boolean {
  return resultLength !== null && resultLength > MAX_KEPT_RESULT;
}

function keptSetup(setup: RunSetup): Pick<HistoryEntry, 'setup'> {
  return isPlain(setup) ? {} : { setup: withoutContents(setup) };
}

function weightOfSetup(setup: RunSetup): number {
  return isPlain(setup) ? 0 : JSON.stringify(withoutContents(setup)).length;
}

function artifactsLength(outcome: RunOutcome): number {
  return artifactsOf(outcome).reduce((sum, { base64 }) => sum + base64.length, 0);
}

function boundOutcome(outcome: RunOutcome): RunOutcome | null {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.resultText.length > MAX_KEPT_RESULT
        ? null
        : {
            ...outcome,
            stdout: cut(outcome.stdout),
            stderr: cut(outcome.stderr),
            artifacts: artifactsLength(outcome) > MAX_KEPT_ARTIFACTS ? [] : outcome.artifacts,
          };
    case 'failed': {
      const { stdout, stderr, traceback } = outcome.error;
      const error = {
        ...outcome.error,
        error: cut(outcome.error.error),
        ...(stdout !== undefined && { stdout: cut(stdout) }),
        ...(stderr !== undefined && { stderr: cut(stderr) }),
        ...(traceback !== undefined && { traceback: cut(traceback) }),
        ...(artifactsLength(outcome) > MAX_KEPT_ARTIFACTS && { artifacts: [] }),
      };
      return { ...outcome, error };
    }
    case 'unreachable':
    case 'cancelled': {
      const { received } = outcome;
      if (!received) return outcome;
      const { stdout, stderr, artifacts } = received;
      const isHeavy = artifactsLength(outcome) > MAX_KEPT_ARTIFACTS;
      const kept = { stdout: cut(stdout), stderr: cut(stderr), artifacts: isHeavy ? [] : artifacts };
      return { ...outcome, received: kept };
    }
    case 'busy':
    case 'wrong-api':
      return outcome;
    default:
      return outcome satisfies never;
  }
}

function cut(text: string): string {
  if (text.length <= MAX_KEPT_OUTPUT) return text;
  const kept = text.slice(0, MAX_KEPT_OUTPUT).toWellFormed();
  return `${kept}\n… the history keeps no more of these ${text.length} characters`;
}

function weightOf(outcome: RunOutcome | null): number {
  if (outcome?.kind === 'succeeded') {
    const { resultText, stdout, stderr } = outcome;
    return resultText.length + stdout.length + stderr.length + artifactsLength(outcome);
  }
  return outcome === null ? 0 : JSON.stringify(outcome).length;
}
