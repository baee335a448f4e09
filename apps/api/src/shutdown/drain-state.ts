import { Injectable } from '@nestjs/common';

/** Whether the service has been told to stop. */
@Injectable()
export class DrainState {
  private started = false;

  get draining(): boolean {
    return this.started;
  }

  /** From now on the service counts as one that takes no more scripts. */
  begin(): void {
    this.started = true;
  }
}
