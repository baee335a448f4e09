import { ToastStore } from './toast-store';

describe('ToastStore', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const messages = (store: ToastStore): string[] => store.toasts().map(({ message }) => message);

  it('takes a word away again by itself', () => {
    const store = new ToastStore();
    store.show({ message: 'Copied' });
    expect(messages(store)).toEqual(['Copied']);
    jest.advanceTimersByTime(5_000);
    expect(messages(store)).toEqual([]);
  });

  it('leaves more time where there is something to do', () => {
    const store = new ToastStore();
    store.show({ message: 'Loaded', action: { label: 'Undo', run: () => undefined } });
    jest.advanceTimersByTime(7_000);
    expect(messages(store)).toEqual(['Loaded']);
  });

  it('waits while somebody is at one, and gives all of them their time afterwards', () => {
    const store = new ToastStore();
    store.show({ message: 'Loaded', action: { label: 'Undo', run: () => undefined } });
    store.hold();
    store.show({ message: 'Copied' });
    jest.advanceTimersByTime(60_000);
    expect(messages(store)).toEqual(['Loaded', 'Copied']);
    store.release();
    jest.advanceTimersByTime(5_000);
    expect(messages(store)).toEqual(['Loaded']);
    jest.advanceTimersByTime(7_000);
    expect(messages(store)).toEqual([]);
  });

  it('shows the newest three', () => {
    const store = new ToastStore();
    for (const message of ['a', 'b', 'c', 'd']) store.show({ message });
    expect(messages(store)).toEqual(['b', 'c', 'd']);
  });

  it('replaces a word by a newer one about the same', () => {
    const store = new ToastStore();
    store.show({ message: 'Loaded a', topic: 'script' });
    store.show({ message: 'Copied' });
    store.show({ message: 'Loaded b', topic: 'script' });
    expect(messages(store)).toEqual(['Copied', 'Loaded b']);
  });

  it('shows words in one place only: the newest, until it goes', () => {
    const store = new ToastStore();
    const page = store.offerPlace();
    const sheet = store.offerPlace();
    expect([page.isUppermost(), sheet.isUppermost()]).toEqual([false, true]);
    sheet.withdraw();
    expect(page.isUppermost()).toBe(true);
  });
});
