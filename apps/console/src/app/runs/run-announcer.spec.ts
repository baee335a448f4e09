import { LiveAnnouncer } from '@angular/cdk/a11y';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { succeeded } from '../../testing/outcomes';
import { ApiClient } from '../api/api-client';
import type { RunOutcome } from '../api/run-outcome';
import type { RunOutput } from '../api/run-output';
import { plainRequest } from '../api/run-request';
import { PLAIN_SETUP } from '../script/run-setup';
import { RunAnnouncer } from './run-announcer';
import { RunStore } from './run-store';

describe('RunAnnouncer', () => {
  let said: string[];
  let output: RunOutput;
  let end: (outcome: RunOutcome) => void;
  let fixture: ComponentFixture<RunAnnouncer>;
  let running: Promise<unknown>;

  beforeEach(async () => {
    jest.useFakeTimers();
    said = [];
    const execute = (_request: unknown, _signal: unknown, into: RunOutput): Promise<RunOutcome> => {
      output = into;
      return new Promise((resolve) => (end = resolve));
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: ApiClient, useValue: { execute } },
        { provide: LiveAnnouncer, useValue: { announce: (text: string) => said.push(text) } },
      ],
    });
    fixture = TestBed.createComponent(RunAnnouncer);
    running = TestBed.inject(RunStore).run(plainRequest('x'), PLAIN_SETUP);
    await pass(0);
  });

  afterEach(() => jest.useRealTimers());

  async function pass(ms: number): Promise<void> {
    await jest.advanceTimersByTimeAsync(ms);
    fixture.detectChanges();
  }

  it('says that a run goes on, then once that there is output, and in the end how much', async () => {
    await pass(900);
    expect(said).toEqual([]);
    await pass(200);
    expect(said).toEqual(['Running']);
    for (let n = 0; n < 1_000; n += 1) output.write(n % 2 === 0 ? 'stdout' : 'stderr', `line ${n}\n`);
    output.tell();
    await pass(500);
    expect(said).toEqual(['Running', 'Output is coming']);
    end(succeeded({ stdout: 'a\n'.repeat(500), stderr: 'b\n'.repeat(500) }));
    await running;
    await pass(0);
    expect(said.slice(2)).toEqual(['Finished in 3 milliseconds. The result is ready. Printed 1,000 lines.']);
  });

  it('says nothing of a run that is over soon but what came of it', async () => {
    output.write('stdout', 'a\n');
    await pass(100);
    end(succeeded({ stdout: 'a\n' }));
    await running;
    await pass(2_000);
    expect(said).toEqual(['Finished in 3 milliseconds. The result is ready. Printed 1 line.']);
  });
});
