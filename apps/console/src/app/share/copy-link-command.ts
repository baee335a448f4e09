import { inject, Injectable, Injector, signal } from '@angular/core';
import { LIMITS } from '@pycell/contracts';
import { ScriptStore } from '../script/script-store';
import { SetupStore } from '../script/setup-store';
import { ToastStore } from '../ui/toast/toast-store';

const COUNT = new Intl.NumberFormat('en');
/** How long the button says that it is done. */
const COPIED_SHOWN_MS = 2_000;

/** Copies a link to the script and its inputs, however a user asks for it. */
@Injectable({ providedIn: 'root' })
export class CopyLinkCommand {
  private readonly injector = inject(Injector);
  private readonly script = inject(ScriptStore);
  private readonly setups = inject(SetupStore);
  private readonly toasts = inject(ToastStore);
  private readonly copied = signal(false);
  private readonly manual = signal<string | null>(null);

  /** True for a moment after a link was copied. */
  readonly isCopied = this.copied.asReadonly();
  /** A link that the user has to copy by hand; null: none. */
  readonly linkToCopy = this.manual.asReadonly();

  async copy(): Promise<void> {
    const script = this.script.text();
    if (script.trim() === '') {
      this.toasts.show({ message: 'There is no script to share yet.' });
      return;
    }
    if (this.script.sizeCodePoints() > LIMITS.maxScriptSize.max) {
      this.toasts.show({
        topic: 'link',
        tone: 'warning',
        message: `A link holds at most ${COUNT.format(LIMITS.maxScriptSize.max)} characters. No link was copied: send the script itself.`,
      });
      return;
    }
    const { LinkCopier } = await import('./link-copier');
    const outcome = await this.injector.get(LinkCopier).copy(script, this.setups.setup());
    this.manual.set(outcome.kind === 'by-hand' ? outcome.link : null);
    if (outcome.kind !== 'copied') return;
    this.copied.set(true);
    setTimeout(() => this.copied.set(false), COPIED_SHOWN_MS);
  }

  stopShowing(): void {
    this.manual.set(null);
  }
}
