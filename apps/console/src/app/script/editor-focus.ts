import { Injectable } from '@angular/core';

/** What both editors, the text area and Monaco, can do. */
export interface EditorSurface {
  focus(): void;
  /** Shows a place of the script and puts the cursor there; 1-based, column in code points. */
  reveal(place: { readonly line: number; readonly column: number }): void;
}

/** Moves the focus to the editor from anywhere in the page. */
@Injectable({ providedIn: 'root' })
export class EditorFocus {
  private surface: EditorSurface | null = null;

  /** @returns a function that unregisters the surface */
  register(surface: EditorSurface): () => void {
    this.surface = surface;
    return () => {
      if (this.surface === surface) this.surface = null;
    };
  }

  focus(): void {
    this.surface?.focus();
  }

  reveal(place: { readonly line: number; readonly column: number }): void {
    this.surface?.reveal(place);
  }
}
