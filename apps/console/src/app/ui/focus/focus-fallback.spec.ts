import { ChangeDetectionStrategy, Component, type ElementRef, signal, viewChild } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { rescueFocus } from './focus-fallback';

@Component({
  changeDetection: ChangeDetectionStrategy.OnPush,
  selector: 'app-vanishing-control',
  template: `
    <button #heir type="button">stays</button>
    @if (isThere()) {
      <button type="button" id="vanishing">goes</button>
    }
  `,
})
class VanishingControl {
  readonly isThere = signal(true);
  private readonly heir = viewChild.required<ElementRef<HTMLElement>>('heir');

  constructor() {
    rescueFocus(() => this.heir().nativeElement);
  }
}

describe('rescueFocus', () => {
  let fixture: ComponentFixture<VanishingControl>;
  const focused = (): string => document.activeElement?.textContent ?? '';

  beforeEach(async () => {
    fixture = TestBed.createComponent(VanishingControl);
    await fixture.whenStable();
    document.body.replaceChildren(fixture.nativeElement as HTMLElement);
  });

  async function vanish(): Promise<void> {
    fixture.componentInstance.isThere.set(false);
    await fixture.whenStable();
  }

  it('gives the focus of a control that goes to its heir', async () => {
    document.getElementById('vanishing')?.focus();
    await vanish();
    expect(focused()).toBe('stays');
  });

  it('takes the focus from nothing else', async () => {
    const elsewhere = document.body.appendChild(document.createElement('button'));
    elsewhere.textContent = 'elsewhere';
    document.getElementById('vanishing')?.focus();
    elsewhere.focus();
    await vanish();
    expect(focused()).toBe('elsewhere');
  });

  it('leaves the focus where it is when a control goes that did not have it', async () => {
    await vanish();
    expect(document.activeElement).toBe(document.body);
  });
});
