import { computed, inject, Injectable } from '@angular/core';
import { MetadataStore } from '../metadata/metadata-store';
import { RunCommand } from '../runs/run-command';
import { ScriptOrigin } from '../script/script-origin';
import { BackgroundNotices } from './background-notices';
import { BackgroundStarter } from './background-starter';
import { RefusedStarts } from './refused-starts';

/** Why a run cannot go on in the background, for people. */
export const NOT_OFFERED =
  'This API runs nothing in the background: it is of an older version, or its operator does not offer it.';

/** Starts the script in the editor, with its inputs, in the background. */
@Injectable({ providedIn: 'root' })
export class BackgroundCommand {
  private readonly command = inject(RunCommand);
  private readonly origin = inject(ScriptOrigin);
  private readonly metadata = inject(MetadataStore);
  private readonly starter = inject(BackgroundStarter);
  private readonly notices = inject(BackgroundNotices);
  private readonly refusals = inject(RefusedStarts);

  /** An API that has not said what it is may have it. */
  readonly isOffered = computed(() => this.metadata.runsInBackground() !== false);

  /** A script that came by a link starts only when the user has said so. */
  start(): void {
    if (!this.isOffered()) {
      this.notices.say(NOT_OFFERED, 'warning');
      return;
    }
    this.origin.whenRead(() => {
      const prepared = this.command.prepare((refused) => this.refusals.tell(refused));
      if (prepared) void this.starter.start(prepared, () => this.start());
    });
  }
}
