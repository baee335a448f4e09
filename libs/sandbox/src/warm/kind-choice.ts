import type { ZygoteKind, ZygoteMessage } from '../protocol/messages';
import type { Run } from '../run/run';

/** What scripts need the packages for, before the packages have been loaded and are known. */
const KNOWN_PACKAGES = ['numpy', 'pandas'];

/** Knows which kind of zygote has loaded what a script imports. */
export class KindChoice {
  private packages: ReadonlySet<string> = new Set(KNOWN_PACKAGES);
  private figures: ReadonlySet<string> = new Set();

  /** Whether there is anything for which there would be a zygote of figures. */
  get hasFigures(): boolean {
    return this.figures.size > 0;
  }

  /** Takes note of what a zygote has told when it became ready. Each tells what is left to that of figures. */
  learn({ kind, modules, figures }: ZygoteMessage): void {
    this.figures = new Set(figures);
    if (kind === 'packages') {
      this.packages = new Set(modules);
    }
  }

  /** Returns the smallest kind of zygote that has what the imports need; where they are not known, one with packages. */
  kindFor(imports: Run['imports']): ZygoteKind {
    if (!imports) {
      return 'packages';
    }
    const modules = imports.map((name) => name.split('.', 1)[0] ?? name);
    const needs = (known: ReadonlySet<string>): boolean => modules.some((name) => known.has(name));
    return needs(this.figures) ? 'figures' : needs(this.packages) ? 'packages' : 'bare';
  }
}
