import type * as contracts from '@pycell/contracts';
import { API_PATHS, ERROR_CODES, PING_INTERVAL_MS, STATUSES, STREAM_MEDIA_TYPES } from '@pycell/contracts';
import { MEDIA_TYPES, PATHS } from '../http/paths';
import { Silence } from '../streams/silence';
import { CODES } from './codes.generated';
import type * as schema from './schema';

/** Compiles where what the service's types promise is what the document says. */
const asDocumented = {
  artifact: (value: contracts.Artifact): schema.ArtifactBody => value,
  report: (value: contracts.ExecutionReport): schema.ExecutionReport => value,
  error: (value: contracts.ErrorResponse): schema.ErrorBody => value,
  code: (value: contracts.ErrorCode): schema.ErrorCode => value,
  metadata: (value: contracts.MetadataResponse): schema.Metadata => value,
  violation: (value: contracts.ScriptViolation): schema.ScriptViolation => value,
  file: (value: contracts.InputFile): schema.InputFileBody => value,
  limits: (value: contracts.RequestedLimits): schema.RequestedLimits => value,
  mode: (value: contracts.ExecutionMode): schema.ExecutionMode => value,
  facts: (value: Omit<contracts.AsynchronousExecution, 'outcome'>): schema.ExecutionFacts => value,
};
const asContracted = {
  artifact: (value: schema.ArtifactBody): contracts.Artifact => value,
  report: (value: schema.ExecutionReport): contracts.ExecutionReport => value,
  error: (value: schema.ErrorBody): contracts.ErrorResponse => value,
  code: (value: schema.ErrorCode): contracts.ErrorCode => value,
  violation: (value: schema.ScriptViolation): contracts.ScriptViolation => value,
  mode: (value: schema.ExecutionMode): contracts.ExecutionMode => value,
  facts: (value: schema.ExecutionFacts): Omit<contracts.AsynchronousExecution, 'outcome'> => value,
};

describe('What the client knows of the API', () => {
  it('has the types of the service in both directions', () => {
    // The compiler checks it; without a use the compiler would complain of that instead.
    expect(Object.keys(asDocumented)).toEqual(expect.arrayContaining(Object.keys(asContracted)));
  });

  it('has each error code, with its status', () => {
    expect(Object.entries(CODES).map(([code, { http }]) => [code, http])).toEqual(
      ERROR_CODES.map((code) => [code, STATUSES[code].http]),
    );
  });

  it('has its paths and media types', () => {
    expect(Object.values(API_PATHS)).toEqual(expect.arrayContaining(Object.values(PATHS)));
    expect(MEDIA_TYPES).toMatchObject(STREAM_MEDIA_TYPES);
  });

  it('takes a connection for lost after more than three signs of life that did not come', () => {
    jest.useFakeTimers();
    const silence = new Silence(null);
    silence.broken();
    jest.advanceTimersByTime(3 * PING_INTERVAL_MS);
    expect(silence.signal.aborted).toBe(false);
    jest.advanceTimersByTime(PING_INTERVAL_MS);
    expect(silence.signal.aborted).toBe(true);
    jest.useRealTimers();
  });
});
