import { ChangeDetectionStrategy, Component } from '@angular/core';

/**
 * The bar at the top: the name, then what is projected. Children with `headerStart` stand beside the name (what is done
 * with the script), the others at the end (what is about the page).
 */
@Component({
  selector: 'app-header-bar',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'banner' },
  template: `
    <h1>
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
        <rect class="cell" x="2" y="2" width="20" height="20" rx="6" />
        <path class="prompt" d="m8 8.2 3.8 3.8L8 15.8M13.4 15.8h3.4" />
      </svg>
      <span class="word">pycell</span>
    </h1>
    <div class="start"><ng-content select="[headerStart]" /></div>
    <div class="end"><ng-content /></div>
  `,
  styleUrl: './header-bar.css',
})
export class HeaderBar {}
