import { readConfiguration } from './configuration';
import { isTracingWanted } from './tracing';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

function problemsOf(environment: NodeJS.ProcessEnv): string {
  try {
    readConfiguration(environment);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('isTracingWanted', () => {
  it.each<[boolean, NodeJS.ProcessEnv]>([
    [false, {}],
    [false, { OTEL_EXPORTER_OTLP_ENDPOINT: ' ', OTEL_TRACES_SAMPLER: 'always_on' }],
    [true, ENDPOINT],
    [true, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://collector/v1/traces' }],
    [false, { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    [true, { ...ENDPOINT, OTEL_SDK_DISABLED: 'false', OTEL_TRACES_EXPORTER: 'otlp' }],
    [false, { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
  ])('is %s for %p', (wanted, environment) => {
    expect(isTracingWanted(environment)).toBe(wanted);
    expect(readConfiguration(environment).tracing).toEqual({ isWanted: wanted });
  });
});

describe('the settings of traces', () => {
  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'http/protobuf'],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'http/json', 'http/protobuf'],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'otlp, none'],
    ['OTEL_TRACES_SAMPLER', 'sometimes', 'parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '2', 'from 0 to 1'],
  ])('refuse %s=%s, and say what is expected', (name, value, expected) => {
    const problems = problemsOf({ ...ENDPOINT, [name]: value });
    expect(problems).toContain(`${name} is "${value}"`);
    expect(problems).toContain(expected);
    // Nobody reads them.
    expect(problemsOf({ [name]: value })).toBe('');
  });

  it.each(['gatherer:4318', 'ftp://user:hidden@collector', '/v1/traces'])(
    'refuse the address %s without repeating it',
    (address) => {
      for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
        const problems = problemsOf({ [name]: address });
        expect(problems).toContain(`${name} is no address such as http://collector:4318`);
        expect(problems).not.toContain(address);
      }
    },
  );
});
