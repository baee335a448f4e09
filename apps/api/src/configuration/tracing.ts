import type { EnvironmentReader } from './environment';

const ENDPOINTS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;
const PROTOCOLS = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'] as const;
const PROTOCOL = 'http/protobuf';
const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Settings of traces. All else of `OTEL_` is read by OpenTelemetry itself. */
export interface TracingOptions {
  /** Whether traces are wanted: there is an address to send them to, and nothing that switches them off. */
  readonly isWanted: boolean;
}

/** Whether `environment` asks for traces. Needs no other module, since it is asked before the application is loaded. */
export function isTracingWanted(environment: NodeJS.ProcessEnv): boolean {
  const valueOf = (name: string): string => environment[name]?.trim() ?? '';
  return (
    ENDPOINTS.some((name) => valueOf(name) !== '') &&
    valueOf('OTEL_SDK_DISABLED').toLowerCase() !== 'true' &&
    valueOf('OTEL_TRACES_EXPORTER') !== 'none'
  );
}

/**
 * Checks what OpenTelemetry would otherwise ignore without a word. Addresses may hold a password, and are not repeated.
 * @param isWanted as `isTracingWanted` has it
 */
export function readTracing(reader: EnvironmentReader, isWanted: boolean): TracingOptions {
  if (isWanted) {
    reader.oneOf('OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp');
    for (const name of PROTOCOLS) {
      reader.oneOf(name, [PROTOCOL], PROTOCOL);
    }
    reader.oneOf('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on');
    reader.decimal('OTEL_TRACES_SAMPLER_ARG', { min: 0, max: 1 }, 1);
    for (const name of ENDPOINTS) {
      if (!isHttpAddress(reader.text(name))) {
        reader.problems.push(`${name} is no address such as http://collector:4318`);
      }
    }
  }
  return { isWanted };
}

function isHttpAddress(text: string | undefined): boolean {
  return text === undefined || (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol));
}
