import { Clipboard } from '@angular/cdk/clipboard';
import { TestBed } from '@angular/core/testing';
import { ToastStore } from '../ui/toast/toast-store';
import { LinkCopier } from './link-copier';
import { PLAIN_SETUP } from '../script/run-setup';
import { encodeScript, LONG_LINK_LENGTH, MAX_SHARED_BYTES } from './share-codec';

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
    await expect(copier.copy('abc', PLAIN_SETUP)).resolves.toEqual({ kind: 'copied' });
    expect(written).toEqual([`${location.origin}/#script=1.abc`]);
    expect(toast()).toMatch(/^success: Link copied/);
    expect(encodeScript).toHaveBeenCalledWith('abc', PLAIN_SETUP);
  });

  it('warns of a link that programs may cut', async () => {
    const { copier } = setUp(true, false);
    await copier.copy('a'.repeat(LONG_LINK_LENGTH), PLAIN_SETUP);
    expect(toast()).toMatch(/^warning: Link copied\. It has 8,\d{3} characters/);
  });

  it('copies the old way where the browser refuses the new one', async () => {
    const { copier, written } = setUp(false, true);
    await expect(copier.copy('abc', PLAIN_SETUP)).resolves.toEqual({ kind: 'copied' });
    expect(written).toHaveLength(1);
  });

  it('hands the link back where the browser refuses both', async () => {
    const { copier } = setUp(false, false);
    await expect(copier.copy('abc', PLAIN_SETUP)).resolves.toEqual({
      kind: 'by-hand',
      link: expect.stringMatching(/#script=1\.abc$/) as string,
    });
  });

  it('says that attached files do not go along', async () => {
    const { copier } = setUp(true, false);
    const file = { id: '1', name: 'a.csv', sizeBytes: 1, content: { text: 'a' } };
    await copier.copy('abc', { ...PLAIN_SETUP, stdin: 'x', files: [file] });
    expect(toast()).toMatch(/read the script and its inputs\. The attached files are not in it\.$/);
  });

  it('makes no link that nobody could open', async () => {
    const { copier, written } = setUp(true, false);
    const stdin = 'x'.repeat(MAX_SHARED_BYTES);
    await expect(copier.copy('abc', { ...PLAIN_SETUP, stdin })).resolves.toEqual({ kind: 'refused' });
    expect(written).toEqual([]);
    expect(toast()).toMatch(/^warning: A link holds at most/);
  });
});
