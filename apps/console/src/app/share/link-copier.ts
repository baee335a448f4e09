import { inject, Injectable } from '@angular/core';
import { ClipboardWriter } from '../browser/clipboard-writer';
import { ToastStore } from '../ui/toast/toast-store';
import { encodeScript, LONG_LINK_LENGTH } from './share-codec';

const COUNT = new Intl.NumberFormat('en');

/** Makes a link that holds a script, and puts it on the clipboard. */
@Injectable({ providedIn: 'root' })
export class LinkCopier {
  private readonly toasts = inject(ToastStore);
  private readonly clipboard = inject(ClipboardWriter);

  /** @returns the link where the browser did not let us copy it: the user can; else null */
  async copy(script: string): Promise<string | null> {
    const link = `${location.href.replace(/#.*$/, '')}${await encodeScript(script)}`;
    if (!(await this.clipboard.write(link))) return link;
    this.toasts.show(
      link.length > LONG_LINK_LENGTH
        ? {
            topic: 'link',
            tone: 'warning',
            message: `Link copied. It has ${COUNT.format(link.length)} characters: chat and mail programs may cut it. Send the script itself if it arrives damaged.`,
          }
        : { topic: 'link', tone: 'success', message: 'Link copied. Whoever has it can read the script.' },
    );
    return null;
  }
}
