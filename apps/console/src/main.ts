import { provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { Page } from './app/shell/page';

bootstrapApplication(Page, { providers: [provideZonelessChangeDetection()] }).catch((error: unknown) => {
  // Nothing is on the page yet that could show it.
  console.error(error);
});
