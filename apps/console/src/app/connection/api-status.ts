import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { MetadataStore, type ApiState } from '../metadata/metadata-store';

interface StatusText {
  readonly tone: 'good' | 'warning' | 'error' | 'waiting';
  readonly text: string;
}

/** One line about the API at the address in force. */
@Component({
  selector: 'app-api-status',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      type="button"
      class="status"
      [attr.data-tone]="status().tone"
      title="Settings of the API"
      aria-haspopup="dialog"
      (click)="opened.emit()"
    >
      <span class="dot" [attr.data-tone]="status().tone" aria-hidden="true"></span>
      <span class="visually-hidden">API: </span><span class="text">{{ status().text }}</span>
    </button>
  `,
  styles: `
    :host {
      display: flex;
      min-width: 0;
    }
    .status {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
      min-height: 32px;
      padding: 0 10px;
      border: 0;
      border-radius: var(--radius);
      background: none;
      color: var(--text-muted);
      font: inherit;
      font-size: var(--size-small);
      cursor: pointer;
    }
    .status:hover {
      background: var(--hover);
      color: var(--text);
    }
    /* Runs that are not isolated, or not possible: more visible than a dot. */
    .status[data-tone='warning'] {
      background: var(--warning-soft);
      color: var(--warning-text);
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
        margin-inline: -10px auto;
      }
    }
    @media (pointer: coarse) {
      .status {
        min-height: 40px;
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

  /** The user wants to know more, or to change the address. */
  readonly opened = output();
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
    case 'locked':
      return { tone: 'warning', text: state.refusal.hadKey ? 'Key not accepted' : 'Key needed' };
    case 'unreachable':
      return state.reason === 'overloaded'
        ? { tone: 'warning', text: 'API not ready' }
        : { tone: 'error', text: 'API unreachable' };
    case 'wrong-api':
      return { tone: 'error', text: 'Not a pycell API' };
    default:
      return state satisfies never;
  }
}
