import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MetadataStore, type ApiState } from './metadata-store';

interface StatusText {
  readonly tone: 'good' | 'warning' | 'error' | 'waiting';
  readonly text: string;
}

/** One line about the API at the address in force. */
@Component({
  selector: 'app-api-status',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="dot" [attr.data-tone]="status().tone" aria-hidden="true"></span>
    <span class="visually-hidden">API: </span><span class="text">{{ status().text }}</span>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      color: var(--text-muted);
      margin-inline-end: 8px;
      font-size: var(--size-small);
    }
    .text {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .dot {
      flex: none;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--text-faint);
    }
    @media (max-width: 760px) {
      :host {
        margin-inline-end: auto;
      }
    }
    .dot[data-tone='good'] {
      background: var(--success);
    }
    .dot[data-tone='warning'] {
      background: var(--warning);
    }
    .dot[data-tone='error'] {
      background: var(--error);
    }
  `,
})
export class ApiStatus {
  private readonly store = inject(MetadataStore);
  protected readonly status = computed(() => statusOf(this.store.state()));
}

function statusOf(state: ApiState): StatusText {
  switch (state.kind) {
    case 'asking':
      return { tone: 'waiting', text: 'Connecting' };
    case 'described': {
      const { isolation, python, selfTest } = state.metadata;
      if (!selfTest.passed && isolation !== 'none') return { tone: 'warning', text: 'Sandbox not ready' };
      const language = python.version === null ? 'Python' : `Python ${python.version}`;
      return isolation === 'none'
        ? { tone: 'warning', text: `${language} · not isolated` }
        : { tone: 'good', text: `${language} · ${isolation}` };
    }
    case 'unreachable':
      return { tone: 'error', text: 'API unreachable' };
    case 'wrong-api':
      return { tone: 'error', text: 'Not a pycell API' };
    default:
      return state satisfies never;
  }
}
