import { readFileSync } from 'node:fs';
import { launchRunner } from './runner-launcher';

const own = (): number => Number(readFileSync('/proc/self/oom_score_adj', 'utf8'));

/** A program whose first act is to tell its score and that of a child of its own. */
const TELL = 'cat /proc/self/oom_score_adj >&2; read score < /proc/$$/oom_score_adj; echo $score >&2';

const describeLinux = process.platform === 'linux' ? describe : describe.skip;

describeLinux('What a runner is started with', () => {
  it('has the kernel end it before the service from its first instruction, however many start at once', async () => {
    const before = own();
    const runners = Array.from({ length: 20 }, () =>
      launchRunner({ file: '/bin/sh', args: ['-c', TELL], cwd: '/' }),
    );
    expect(own()).toBe(before);
    const score = Math.min(1000, before + 500);
    for (const { ended } of runners) {
      expect((await ended).account).toBe(`ended with status 0: ${score}\n${score}`);
    }
  });

  it('leaves the service as it was when nothing could be started', async () => {
    const before = own();
    const { ended } = launchRunner({ file: '/nowhere/runner', args: [], cwd: '/' });
    expect(own()).toBe(before);
    expect((await ended).account).toContain('cannot be started');
  });
});
