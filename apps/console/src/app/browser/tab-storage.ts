import { Injectable } from '@angular/core';
import { TextStorage } from './text-storage';

/** What this browser keeps for one tab: over a reload, and when the tab is opened again after it was closed. */
@Injectable({ providedIn: 'root' })
export class TabStorage extends TextStorage {
  protected override area(): Storage {
    return sessionStorage;
  }
}
