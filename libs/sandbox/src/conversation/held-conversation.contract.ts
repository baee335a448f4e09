import { DEFAULT_LIMITS } from '@pycell/contracts';
import { FrameType } from '../protocol/frames';
import { BufferedOutput } from '../run/buffered-output';
import { RunConversation } from './run-conversation';
import { ScriptedConnection, scriptedControl, type Payload } from './scripted-runner.contract';
import { Spare } from './spare';
import { plainRun } from '../run/run';

export const REQUEST = plainRun('def main(): return 1');
export const READY = { residentBytes: 1000, sharedBytes: 100, cpuMs: 1 };

/** Holds a conversation about run 9; the test is the run and its supervisor. */
export function holdConversation(signal: AbortSignal = new AbortController().signal) {
  const { control, stream, told } = scriptedControl();
  const connection = new ScriptedConnection();
  const spare = new Spare(connection, control, DEFAULT_LIMITS.maxResultBytes, {
    onReady: () => undefined,
    onLost: () => undefined,
  });
  connection.say(FrameType.Ready, READY, 9);
  const output = new BufferedOutput();
  const conversation = new RunConversation(spare, {
    limits: { ...DEFAULT_LIMITS, timeoutSeconds: 1 },
    requestedAt: performance.now(),
    observer: output,
  });
  const report = conversation.hold(REQUEST, signal).then((result) => ({
    ...result,
    stdout: output.text('stdout', result.outcome.status),
    stderr: output.text('stderr', result.outcome.status),
  }));
  const supervisor = (type: FrameType, payload: Payload = ''): void => stream.say(type, payload, 9);
  return { conversation, report, gone: output.gone, told, run: connection, supervisor, heard: stream };
}
