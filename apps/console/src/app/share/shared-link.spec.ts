import { TestBed } from '@angular/core/testing';
import { LIMITS } from '@pycell/contracts';
import { ScriptStore } from '../script/script-store';
import { OPEN_ARCHIVE } from '../history/open-archive';
import { MemoryArchive } from '../history/memory-archive';
import { ToastStore } from '../ui/toast/toast-store';
import { CopyLinkCommand } from './copy-link-command';
import { LinkWatcher } from './link-watcher';
import type * as shareCodec from './share-codec';
import { PLAIN_SETUP } from '../script/run-setup';
import { SharedLink } from './shared-link';

/** A mock may use what is named so. */
function mockedSetup(): typeof PLAIN_SETUP {
  return PLAIN_SETUP;
}

/** Real but for the packing, which a simulated browser lacks. */
jest.mock('./share-codec', () => ({
  decodeScript: (fragment: string, mostBytes: number): ReturnType<typeof shareCodec.decodeScript> => {
    const script = 'x'.repeat(Number(fragment.slice(1)));
    return Promise.resolve(
      script.length > mostBytes
        ? { kind: 'problem', problem: 'too-large' }
        : { kind: 'script', script, setup: mockedSetup() },
    );
  },
  MAX_SHARED_BYTES: 4_000_000,
  sharedBytes: () => 1,
  encodeScript: () => Promise.resolve('#'),
}));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('a link', () => {
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    const open = (): Promise<MemoryArchive> => Promise.resolve(new MemoryArchive());
    TestBed.configureTestingModule({ providers: [{ provide: OPEN_ARCHIVE, useValue: open }] });
  });

  afterEach(() => history.replaceState(null, '', '/'));

  it('opens with whatever any API takes, while nothing is known of the one in force', async () => {
    await expect(TestBed.inject(SharedLink).open('#60000')).resolves.toBe(true);
    expect(TestBed.inject(ScriptStore).text()).toHaveLength(60_000);
    await expect(TestBed.inject(SharedLink).open('#5000000')).resolves.toBe(false);
    expect(TestBed.inject(ScriptStore).text()).toHaveLength(60_000);
  });

  it('leaves the address when it has been opened, and stays where it could not be', async () => {
    const watcher = TestBed.inject(LinkWatcher);
    history.replaceState(null, '', '/#5000000');
    watcher.watch();
    await until(() => TestBed.inject(ToastStore).toasts().length === 1);
    expect(location.hash).toBe('#5000000');
    history.replaceState(null, '', '/#7');
    watcher.watch();
    await until(() => location.hash === '');
    expect(TestBed.inject(ScriptStore).text()).toBe('xxxxxxx');
  });

  it('is not made of what no link opens, and the user is told', async () => {
    TestBed.inject(ScriptStore).edit('x'.repeat(LIMITS.maxScriptSize.max + 1));
    await TestBed.inject(CopyLinkCommand).copy();
    expect(TestBed.inject(CopyLinkCommand).isCopied()).toBe(false);
    expect(TestBed.inject(ToastStore).toasts()[0]?.message).toMatch(
      /^A link holds at most 1,000,000 characters/,
    );
  });
});
