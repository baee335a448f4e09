import type { IconName } from '../ui/icons/icon-paths';
import { TONE_ICONS } from '../outcomes/tone-icons';
import { durationText } from '../ui/formatting/figures';
import { type BackgroundRun } from './background-run';

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY_AND_TIME = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** What has become of a run, in a few words. */
export function statusText(run: BackgroundRun, now: number): string {
  switch (run.status) {
    case 'starting':
      return 'Starting';
    case 'unanswered':
      return 'No answer';
    case 'queued':
      return `Queued · ${secondsText(now - run.at)}`;
    case 'running':
      return `Running · ${secondsText(now - (run.startedAt ?? run.at))}`;
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return [run.outcome?.title ?? END_TEXTS[run.status], durationOf(run)].filter(Boolean).join(' · ');
    case 'forgotten':
      return 'No longer kept';
    default:
      return run.status satisfies never;
  }
}

const END_TEXTS = { succeeded: 'Finished', failed: 'Failed', cancelled: 'Cancelled' } as const;

/** What else there is to know: how long it is kept, or why it is not. May be empty. */
export function detailText(run: BackgroundRun, now: number): string {
  switch (run.status) {
    case 'unanswered':
      return `${run.why} It may have been started: trying again starts it once at most.`.trimStart();
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      if (run.expiresAt === null) return '';
      return run.expiresAt > now
        ? `Kept by the API until ${momentText(run.expiresAt, now)}`
        : `Was kept by the API until ${momentText(run.expiresAt, now)}`;
    case 'forgotten':
      return forgottenText(run, now);
    case 'starting':
    case 'queued':
    case 'running':
      return '';
    default:
      return run.status satisfies never;
  }
}

/** When and why the API has it no more, as far as that can be known: it answers the same for each reason. */
function forgottenText({ expiresAt }: BackgroundRun, now: number): string {
  if (expiresAt !== null && expiresAt <= now) {
    return `The API kept it until ${momentText(expiresAt, now)}: its time was over.`;
  }
  const reasons =
    'its time was over, others needed the room, the API was restarted and keeps runs in memory, or it was started with another key';
  const until = expiresAt === null ? '' : ` before ${momentText(expiresAt, now)}`;
  return `The API has forgotten it${until}: ${reasons}.`;
}

export function statusIcon({ status, outcome }: BackgroundRun): IconName {
  if (status === 'starting' || status === 'queued') return 'clock';
  if (status === 'running') return 'play';
  if (status === 'unanswered') return 'alert';
  if (status === 'forgotten') return 'info';
  return TONE_ICONS[outcome?.tone ?? 'neutral'];
}

/** How the icon is coloured. */
export function statusTone({ status, outcome }: BackgroundRun): string {
  if (status === 'running') return 'running';
  if (status === 'unanswered') return 'warning';
  return outcome?.tone ?? 'neutral';
}

/** Milliseconds between the hand-over of its script and its end; 0 where it never ran. */
export function elapsedMsOf({ startedAt, endedAt }: BackgroundRun): number {
  return startedAt === null || endedAt === null ? 0 : Math.max(0, endedAt - startedAt);
}

function durationOf(run: BackgroundRun): string {
  return run.startedAt === null || run.endedAt === null ? '' : durationText(elapsedMsOf(run));
}

/** Clocks may differ by a little: nothing has gone on for less than no time. */
function secondsText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time of day, with the day where that is another. */
export function momentText(at: number, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return (isToday ? TIME : DAY_AND_TIME).format(at);
}
