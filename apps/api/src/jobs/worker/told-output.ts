import { Logger } from '@nestjs/common';
import type { ExecutionListener, OutputStream } from '@pycell/sandbox';
import type { TakenJob } from '../job-store';

/** What a job prints: told while it runs, and kept for its outcome. Bounded by what a run may print. */
export class ToldOutput implements ExecutionListener {
  private static readonly logger = new Logger('Jobs');
  private readonly pieces: Record<OutputStream, string[]> = { stdout: [], stderr: [] };
  private started = false;

  constructor(private readonly job: Pick<TakenJob, 'tell'>) {}

  /** Whether its script has been handed over. */
  get hasStarted(): boolean {
    return this.started;
  }

  /** The one line that says so: in all logs together there is one at most for an id. */
  onStart(id: string): void {
    this.started = true;
    ToldOutput.logger.log({ msg: 'hand-over', execution: { id } });
    this.job.tell({ type: 'start' });
  }

  onOutput(stream: OutputStream, text: string): void {
    this.pieces[stream].push(text);
    this.job.tell({ type: stream, text });
  }

  get printed(): Readonly<Record<OutputStream, string>> {
    return { stdout: this.pieces.stdout.join(''), stderr: this.pieces.stderr.join('') };
  }
}
