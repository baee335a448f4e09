import { inject, Injectable } from '@angular/core';
import { ScriptReplacement } from '../history/script-replacement';
import { ToastStore } from '../ui/toast/toast-store';
import { decodeScript, type DecodingProblem, MAX_SHARED_BYTES } from './share-codec';

const MESSAGES: Readonly<Record<DecodingProblem, string>> = {
  foreign: 'The part of the address after # is not a script link.',
  newer: 'The link was made by a newer console. Reload the page, or ask for the script itself.',
  damaged: 'The link is damaged: part of it was lost or changed in transit. Ask for it again.',
  'too-large': 'The link holds more than a script may be, so it was not opened.',
};

/** Opens what the address of the page brings along: shows the script, and runs nothing. */
@Injectable({ providedIn: 'root' })
export class SharedLink {
  private readonly replacement = inject(ScriptReplacement);
  private readonly toasts = inject(ToastStore);

  /** @returns whether the script is in the editor now */
  async open(fragment: string): Promise<boolean> {
    const decoded = await decodeScript(fragment, MAX_SHARED_BYTES);
    if (decoded.kind === 'problem') {
      this.toasts.show({
        message: `${MESSAGES[decoded.problem]} Your script is unchanged.`,
        tone: decoded.problem === 'foreign' ? 'warning' : 'error',
      });
      return false;
    }
    this.replacement.replace({
      text: decoded.script,
      setup: decoded.setup,
      message: 'Opened the script of a shared link.',
      isByLink: true,
    });
    return true;
  }
}
