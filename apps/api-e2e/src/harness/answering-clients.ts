import { API_PATHS, type Artifact, type BatchItem, STATUSES, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { eventsOf, printed } from './open-answer';
import { type ExecuteAnswer, HttpClient } from './http-client';

/** Executes scripts by streams, and puts the events together to what a buffered answer would be. */
export class StreamingClient extends HttpClient {
  override async execute(script: string, signal?: AbortSignal, members = ''): Promise<ExecuteAnswer> {
    const rest = members === '' ? '' : `, ${members}`;
    const answer = await this.send({
      method: 'POST',
      path: API_PATHS.execute,
      headers: { 'Content-Type': 'application/json', Accept: STREAM_MEDIA_TYPES.ndjson },
      body: `{"script": ${JSON.stringify(script)}${rest}}`,
      ...(signal && { signal }),
    });
    if (answer.status !== 200) {
      return answer as ExecuteAnswer;
    }
    const events = eventsOf('ndjson', answer.text);
    const end = events.find((event) => event.type === 'result' || event.type === 'error');
    if (end?.type !== 'result' && end?.type !== 'error') {
      throw new Error(`a stream without an outcome: ${answer.text.slice(-2_000)}`);
    }
    const { type, ...outcome } = end;
    const artifacts = events.filter(
      (event): event is { type: 'artifact' } & Artifact => event.type === 'artifact',
    );
    const output = { stdout: printed(events, 'stdout'), stderr: printed(events, 'stderr'), artifacts };
    const status = 'code' in outcome ? STATUSES[outcome.code].http : 200;
    expect([type, events.at(-1)]).toEqual([status === 200 ? 'result' : 'error', { type: 'end' }]);
    return { ...answer, status, body: { ...outcome, ...output } } as unknown as ExecuteAnswer;
  }
}

/** Executes scripts as batches of one input, which has no names. */
export class BatchClient extends HttpClient {
  override async execute(script: string, signal?: AbortSignal): Promise<ExecuteAnswer> {
    const answer = await this.send<readonly BatchItem[]>({
      method: 'POST',
      path: API_PATHS.executeBatch,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ script, inputs: [{}] }),
      ...(signal && { signal }),
    });
    const [item] = answer.status === 200 ? answer.body : [];
    return { ...answer, ...(item && { status: item.status, body: item }) } as unknown as ExecuteAnswer;
  }
}
