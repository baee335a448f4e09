import type { RunOutcome } from '../api/run-outcome';
import { describeOutcome, type OutcomeDescription } from '../outcomes/outcome-description';
import type { FinishedRun } from '../runs/run-store';
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
  /** Of a draft that came by a link and was not confirmed: the user is asked before it runs. */
  readonly isUnread?: boolean;
  readonly title: string;
  /** The outcome as it was described then; null for a draft. */
  readonly outcome: Pick<OutcomeDescription, 'tone' | 'title'> | null;
  /** UTF-16 code units of the result's JSON text; null where there is none. */
  readonly resultLength: number | null;
  /** What the entry takes, about; UTF-16 code units. */
  readonly weight: number;
}

/** An entry with its outcome, which is read only when it is needed. */
export interface HistoryRecord {
  readonly entry: HistoryEntry;
  /** null for a draft, and where the result was too large to be kept. */
  readonly outcome: RunOutcome | null;
}

/** A larger result is not kept: half a JSON text is none. UTF-16 code units. */
export const MAX_KEPT_RESULT = 256 * 1024;
/** Longer output is cut. UTF-16 code units. */
export const MAX_KEPT_OUTPUT = 64 * 1024;

export function recordOfRun(
  id: string,
  { script, startedAt, elapsedMs, outcome }: FinishedRun,
): HistoryRecord {
  const { tone, title } = describeOutcome(outcome);
  const kept = boundOutcome(outcome);
  const entry: HistoryEntry = {
    id,
    kind: 'run',
    at: startedAt,
    elapsedMs,
    script,
    title: titleOfScript(script),
    outcome: { tone, title },
    resultLength: outcome.kind === 'succeeded' ? outcome.resultText.length : null,
    weight: script.length + weightOf(kept),
  };
  return { entry, outcome: kept };
}

export function recordOfDraft(id: string, script: string, at: number, isUnread = false): HistoryRecord {
  const title = titleOfScript(script);
  const entry: HistoryEntry = {
    id,
    kind: 'draft',
    at,
    elapsedMs: null,
    script,
    ...(isUnread && { isUnread }),
    title,
    outcome: null,
    resultLength: null,
    weight: script.length,
  };
  return { entry, outcome: null };
}

/** Whether the outcome of a run was too large to be kept. */
export function isResultMissing({ resultLength }: HistoryEntry): boolean {
  return resultLength !== null && resultLength > MAX_KEPT_RESULT;
}

function boundOutcome(outcome: RunOutcome): RunOutcome | null {
  switch (outcome.kind) {
    case 'succeeded':
      return outcome.resultText.length > MAX_KEPT_RESULT
        ? null
        : { ...outcome, stdout: cut(outcome.stdout), stderr: cut(outcome.stderr) };
    case 'failed': {
      const { stdout, stderr, traceback } = outcome.error;
      const error = {
        ...outcome.error,
        error: cut(outcome.error.error),
        ...(stdout !== undefined && { stdout: cut(stdout) }),
        ...(stderr !== undefined && { stderr: cut(stderr) }),
        ...(traceback !== undefined && { traceback: cut(traceback) }),
      };
      return { ...outcome, error };
    }
    case 'busy':
    case 'unreachable':
    case 'wrong-api':
    case 'cancelled':
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
    return outcome.resultText.length + outcome.stdout.length + outcome.stderr.length;
  }
  return outcome === null ? 0 : JSON.stringify(outcome).length;
}
