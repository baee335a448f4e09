import { DestroyRef, inject, type Signal, signal } from '@angular/core';

/** Elements that take a dropped file themselves have this attribute. */
const OWN_PLACE = '[data-takes-files]';

/**
 * Files may be dropped anywhere on the page: nowhere would the browser leave the page for them, nor the editor paste their
 * paths. Must be called in an injection context.
 *
 * @returns whether files are being dragged over the page
 */
export function watchDrops(take: (files: readonly File[]) => void): Signal<boolean> {
  const isOver = signal(false);
  const stop = new AbortController();
  // In the capturing phase: before the editor.
  const options = { capture: true, signal: stop.signal };
  const follow = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    isOver.set(true);
    if (!isOwnPlace(event)) event.stopPropagation();
  };
  addEventListener('dragenter', follow, options);
  addEventListener('dragover', follow, options);
  addEventListener(
    'dragleave',
    (event) => {
      // Without a next element the pointer has left the page.
      if (event.relatedTarget === null) isOver.set(false);
    },
    options,
  );
  addEventListener(
    'drop',
    (event) => {
      isOver.set(false);
      if (!hasFiles(event) || isOwnPlace(event)) return;
      event.preventDefault();
      event.stopPropagation();
      take(Array.from(event.dataTransfer?.files ?? []));
    },
    options,
  );
  inject(DestroyRef).onDestroy(() => stop.abort());
  return isOver.asReadonly();
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

function isOwnPlace({ target }: DragEvent): boolean {
  return target instanceof Element && target.closest(OWN_PLACE) !== null;
}
