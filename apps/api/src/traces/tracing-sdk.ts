import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

/**
 * Registers OpenTelemetry for this process. It reads its `OTEL_` variables itself. Of the process the traces tell what is
 * listed here: the detectors that there are for it would tell the command line and the names of the host, too.
 */
export function startTracing(): void {
  let exporter: OTLPTraceExporter;
  try {
    exporter = new OTLPTraceExporter();
  } catch {
    // An address that is none: the configuration refuses the start for it, and says which variable it is.
    return;
  }
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': 'pycell' }))
    .merge(detectResources({ detectors: [envDetector] }));
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] }),
  );
  // No baggage: it is other people's data, and nobody here reads it.
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
}
