import { TestBed } from '@angular/core/testing';
import { MetadataStore } from '../metadata/metadata-store';
import { plainRequest } from '../api/run-request';
import { RunPreparation } from '../inputs/run-preparation';
import { PLAIN_SETUP } from '../script/run-setup';
import { ScriptOrigin } from '../script/script-origin';
import { ScriptStore } from '../script/script-store';
import { METADATA } from '../../testing/metadata';
import { RunCommand } from './run-command';
import { RunStore } from './run-store';

describe('RunCommand', () => {
  const runs = { run: jest.fn(), refuse: jest.fn(), isRunning: () => false, shown: jest.fn() };
  const prepare = jest.fn();
  const refresh = jest.fn();
  let size: number;
  let isKnown: boolean;
  let command: RunCommand;

  beforeEach(() => {
    jest.resetAllMocks();
    prepare.mockImplementation((script: string) => ({ request: plainRequest(script), setup: PLAIN_SETUP }));
    size = 10;
    isKnown = true;
    const metadata = {
      metadata: () => (isKnown ? METADATA : null),
      limits: () => ({ maxScriptSize: 10 }),
      refresh,
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: RunStore, useValue: runs },
        { provide: RunPreparation, useValue: { prepare } },
        { provide: MetadataStore, useValue: metadata },
        { provide: ScriptStore, useValue: { text: () => 'script', sizeCodePoints: () => size } },
        { provide: ScriptOrigin, useValue: { whenRead: (run: () => void) => run() } },
      ],
    });
    command = TestBed.inject(RunCommand);
  });

  it('runs what is in the editor', () => {
    command.run();
    expect(runs.run).toHaveBeenCalledWith(plainRequest('script'), PLAIN_SETUP);
    expect(runs.refuse).not.toHaveBeenCalled();
  });

  it('runs nothing where an input is missing', () => {
    prepare.mockReturnValue(null);
    command.run();
    expect(prepare).toHaveBeenCalledWith('script');
    expect(runs.run).not.toHaveBeenCalled();
  });

  it('sends no script that is too large, says so, and asks whether that still holds', () => {
    size = 4_000_000;
    command.run();
    expect(runs.run).not.toHaveBeenCalled();
    const error = {
      error: 'The script has 4,000,000 characters, the limit is 10.',
      code: 'SCRIPT_TOO_LARGE',
    };
    expect(runs.refuse).toHaveBeenCalledWith({
      script: 'script',
      setup: PLAIN_SETUP,
      outcome: expect.objectContaining({ kind: 'failed', error: expect.objectContaining(error) }),
    });
    expect(refresh).toHaveBeenCalledTimes(1);
  });

  it('tells whoever prepares another kind of run why the script cannot be sent, and shows nothing itself', () => {
    size = 11;
    const refuse = jest.fn();
    expect(command.prepare(refuse)).toBeNull();
    expect(refuse).toHaveBeenCalledWith(expect.objectContaining({ script: 'script', setup: PLAIN_SETUP }));
    expect(runs.refuse).not.toHaveBeenCalled();
  });

  it('tries again as what is shown was tried: by a run unless it says otherwise', () => {
    command.again();
    expect(runs.run).toHaveBeenCalledTimes(1);
    const again = jest.fn();
    runs.shown.mockReturnValue({ outcome: { kind: 'cancelled' }, run: { again } });
    command.again();
    expect(again).toHaveBeenCalledTimes(1);
    expect(runs.run).toHaveBeenCalledTimes(1);
  });

  it('leaves it to a service whose limits are not known', () => {
    size = 4_000_000;
    isKnown = false;
    command.run();
    expect(runs.run).toHaveBeenCalledWith(plainRequest('script'), PLAIN_SETUP);
  });
});
