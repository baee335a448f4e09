import { inject, Injectable } from '@angular/core';
import { MetadataStore } from '../configuration/metadata-store';
import { ScriptReplacement } from '../history/script-replacement';
import { ToastStore } from '../shell/toast-store';
import { decodeScript, type DecodingProblem } from './share-codec';

const MESSAGES: Readonly<Record<DecodingProblem, string>> = {
  foreign: 'The address has a part behind # that this page does not know.',
  newer: 'The link was made by a newer console. Reload the page, or ask for the script itself.',
  damaged: 'The link is damaged: part of it was lost or changed on the way. Ask for it again.',
  'too-large': 'The link holds more than a script may be, so it was not opened.',
};

/** UTF-8 needs at most so many bytes for a character. */
const BYTES_PER_CHARACTER = 4;
/** A script a little over the limit is shown: the editor says that it is too large to run. */
const SLACK_BYTES = 4_096;

/** Opens what the address of the page brings along: shows the script, and runs nothing. */
@Injectable({ providedIn: 'root' })
export class SharedLink {
  private readonly metadata = inject(MetadataStore);
  private readonly replacement = inject(ScriptReplacement);
  private readonly toasts = inject(ToastStore);

  async open(fragment: string): Promise<void> {
    const mostBytes = this.metadata.limits().maxScriptSize * BYTES_PER_CHARACTER + SLACK_BYTES;
    const decoded = await decodeScript(fragment, mostBytes);
    if (decoded.kind === 'problem') {
      this.toasts.show({
        message: `${MESSAGES[decoded.problem]} Your script is as it was.`,
        tone: decoded.problem === 'foreign' ? 'warning' : 'error',
      });
      return;
    }
    this.replacement.replace({
      text: decoded.script,
      message: 'Opened the script of a shared link.',
      isByLink: true,
    });
  }
}
