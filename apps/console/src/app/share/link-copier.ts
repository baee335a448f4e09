import { inject, Injectable } from '@angular/core';
import { ClipboardWriter } from '../browser/clipboard-writer';
import { bytesText } from '../ui/formatting/figures';
import { ToastStore } from '../ui/toast/toast-store';
import { isPlain, type RunSetup } from '../script/run-setup';
import { encodeScript, LONG_LINK_LENGTH, MAX_SHARED_BYTES, sharedBytes } from './share-codec';

const COUNT = new Intl.NumberFormat('en');

/** What became of a link. */
export type CopyOutcome =
  | { readonly kind: 'copied' }
  /** the user has been told why there is none */
  | { readonly kind: 'refused' }
  /** the browser did not let us copy it: the user can */
  | { readonly kind: 'by-hand'; readonly link: string };

/** Makes a link that holds a script, and puts it on the clipboard. */
@Injectable({ providedIn: 'root' })
export class LinkCopier {
  private readonly toasts = inject(ToastStore);
  private readonly clipboard = inject(ClipboardWriter);

  async copy(script: string, setup: RunSetup): Promise<CopyOutcome> {
    if (sharedBytes(script, setup) > MAX_SHARED_BYTES) {
      this.toasts.show({
        topic: 'link',
        tone: 'warning',
        message: `A link holds at most ${bytesText(MAX_SHARED_BYTES)}. No link was copied: send the script and its inputs themselves.`,
      });
      return { kind: 'refused' };
    }
    const link = `${location.href.replace(/#.*$/, '')}${await encodeScript(script, setup)}`;
    if (!(await this.clipboard.write(link))) return { kind: 'by-hand', link };
    const without = setup.files.length > 0 ? ' The attached files are not in it.' : '';
    this.toasts.show(
      link.length > LONG_LINK_LENGTH
        ? {
            topic: 'link',
            tone: 'warning',
            message: `Link copied. It has ${COUNT.format(link.length)} characters: chat and mail programs may cut it. Send the script itself if it arrives damaged.${without}`,
          }
        : {
            topic: 'link',
            tone: 'success',
            message: `Link copied. Whoever has it can read ${isPlain(setup) ? 'the script' : 'the script and its inputs'}.${without}`,
          },
    );
    return { kind: 'copied' };
  }
}
