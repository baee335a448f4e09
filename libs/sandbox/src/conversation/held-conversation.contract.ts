import { DEFAULT_LIMITS } from '@pycell/contracts';
import { FrameType } from '../protocol/frames';
import { BufferedOutput } from '../run/buffered-output';
import type { Run } from '../run/run';
import type { OutputFlow } from '../run/run-observer';
import { RunConversation } from './run-conversation';
import { ScriptedConnection, scriptedControl, type Payload } from './scripted-runner.contract';
import { Spare } from './spare';
import { plainRun } from '../run/run';

export const REQUEST = plainRun('def main(): return 1');
export const READY = { residentBytes: 1000, sharedBytes: 100, cpuMs: 1 };

/** Holds a conversation about run 9; the test is the run and its supervisor. */
export function holdConversation(
  signal: AbortSignal = new AbortController().signal,
  run: Run = REQUEST,
  connection = new ScriptedConnection(),
) {
  const { control, stream, told } = scriptedControl();
  const spare = new Spare(connection, control, DEFAULT_LIMITS.maxResultBytes, {
    onReady: () => undefined,
    onLost: () => undefined,
  });
  connection.say(FrameType.Ready, READY, 9);
  const flows: OutputFlow[] = [];
  /** What the observer heard, in order. */
  const heardOf: string[] = [];
  const output = new BufferedOutput();
  const conversation = new RunConversation(spare, {
    limits: { ...DEFAULT_LIMITS, timeoutSeconds: 1 },
    requestedAt: performance.now(),
    observer: {
      onBegin: (flow) => {
        heardOf.push('begin');
        flows.push(flow);
      },
      onOutput: (stream, bytes) => {
        heardOf.push(stream);
        output.onOutput(stream, bytes);
      },
      onGone: output.onGone,
    },
  });
  const report = conversation.hold(run, signal).then((result) => ({
    ...result,
    stdout: output.text('stdout', result.outcome.status),
    stderr: output.text('stderr', result.outcome.status),
  }));
  const supervisor = (type: FrameType, payload: Payload = ''): void => stream.say(type, payload, 9);
  return {
    conversation,
    report,
    gone: output.gone,
    told,
    run: connection,
    supervisor,
    heard: stream,
    flows,
    heardOf,
  };
}
