import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';
import { ToastStore } from '../ui/toast/toast-store';
import { LinkCopier } from './link-copier';
import { encodeScript, LONG_LINK_LENGTH } from './share-codec';

jest.mock('./share-codec', () => ({
  ...jest.requireActual<object>('./share-codec'),
  encodeScript: jest.fn((script: string) => Promise.resolve(`#script=1.${script}`)),
}));

function setUp(canWrite: boolean, canCopy: boolean): { copier: LinkCopier; written: string[] } {
  const written: string[] = [];
  Object.defineProperty(navigator, 'clipboard', {
    configurable: true,
    value: {
      writeText: (text: string) => {
        if (!canWrite) return Promise.reject(new DOMException('no', 'NotAllowedError'));
        written.push(text);
        return Promise.resolve();
      },
    },
  });
  const clipboard = { copy: (text: string) => canCopy && written.push(text) > 0 };
  TestBed.configureTestingModule({ providers: [{ provide: Clipboard, useValue: clipboard }] });
  return { copier: TestBed.inject(LinkCopier), written };
}

const toast = (): string => {
  const { tone, message } = TestBed.inject(ToastStore).toasts().at(-1) ?? {};
  return `${tone ?? ''}: ${message ?? ''}`;
};

describe('LinkCopier', () => {
  it('copies the address of the page with the script in its fragment', async () => {
    location.hash = '#old';
    const { copier, written } = setUp(true, false);
    await expect(copier.copy('abc')).resolves.toBeNull();
    expect(written).toEqual([`${location.origin}/#script=1.abc`]);
    expect(toast()).toMatch(/^success: Link copied/);
    expect(encodeScript).toHaveBeenCalledWith('abc');
  });

  it('warns of a link that programs may cut', async () => {
    const { copier } = setUp(true, false);
    await copier.copy('a'.repeat(LONG_LINK_LENGTH));
    expect(toast()).toMatch(/^warning: Link copied\. It has 8,\d{3} characters/);
  });

  it('copies the old way where the browser refuses the new one', async () => {
    const { copier, written } = setUp(false, true);
    await expect(copier.copy('abc')).resolves.toBeNull();
    expect(written).toHaveLength(1);
  });

  it('hands the link back where the browser refuses both', async () => {
    const { copier } = setUp(false, false);
    await expect(copier.copy('abc')).resolves.toMatch(/#script=1\.abc$/);
  });
});
