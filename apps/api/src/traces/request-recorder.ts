import type { IncomingHttpHeaders } from 'node:http';
import {
  diag,
  DiagLogLevel,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  type TextMapGetter,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { API_PATHS } from '@pycell/contracts';
import type { NextFunction, Request, Response } from 'express';
import { ENDPOINTS, listedPath } from '../http/endpoints';
import type { ForeignForms } from '../http/foreign-forms';
import type { TracedRequest } from '../http/request-trace';
import { DeliveryLog } from './delivery-log';
import { RecordedRequest } from './recorded-request';
import { RequestClock } from './request-clock';
import type { TraceRecorder } from './traces';

const SCOPE = 'pycell';
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']);
const ROUTES: ReadonlyMap<string, string> = new Map(ENDPOINTS.map(({ path }) => [path, path]));
/** Probes ask every few seconds: their traces would hide all others. */
const UNRECORDED = new RegExp(`^${API_PATHS.health}(?:/|$)`, 'i');

/**
 * Of a request only `traceparent` is read, whose form the propagator checks. `tracestate` is text that its sender chose,
 * and would be stored with the trace.
 */
const TRACE_PARENT: TextMapGetter<IncomingHttpHeaders> = {
  keys: () => ['traceparent'],
  get: (headers, name) => (name === 'traceparent' ? headers[name] : undefined),
};

/** What was registered by who loaded OpenTelemetry before the application: ours, or an operator's own. */
interface RegisteredProvider extends TracerProvider {
  shutdown(): Promise<void>;
}

/**
 * Returns what records requests; null where nobody has registered OpenTelemetry.
 * @param foreign the interfaces of others that are served, known before the first request
 */
export function createRecorder(foreign: ForeignForms): TraceRecorder | null {
  const provider = registeredProvider();
  if (!provider) {
    return null;
  }
  diag.setLogger(new DeliveryLog(), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  const { record } = new RequestRecorder(provider, foreign);
  return { record, shutdown: () => provider.shutdown() };
}

/** The API hands out a stand-in for what is registered. What is there when nothing is has no end to wait for. */
function registeredProvider(): RegisteredProvider | null {
  const standIn: TracerProvider & { getDelegate?(): TracerProvider } = trace.getTracerProvider();
  const provider: TracerProvider & Partial<RegisteredProvider> = standIn.getDelegate?.() ?? standIn;
  return provider.shutdown ? (provider as RegisteredProvider) : null;
}

/** Records requests: those that the sampler chooses. */
class RequestRecorder {
  private readonly tracer: Tracer;

  constructor(
    provider: TracerProvider,
    private readonly foreign: ForeignForms,
  ) {
    this.tracer = provider.getTracer(SCOPE);
  }

  /** Express middleware, behind the one that gives requests their ids. */
  readonly record = (request: Request, response: Response, next: NextFunction): void => {
    // All requests have the property, so that they stay of one hidden class.
    (request as TracedRequest).trace = UNRECORDED.test(request.path) ? null : this.begin(request, response);
    next();
  };

  private begin(request: Request, response: Response): RecordedRequest | null {
    const method = METHODS.has(request.method) ? request.method : '_OTHER';
    const route = this.routeOf(request.path);
    const parent = propagation.extract(ROOT_CONTEXT, request.headers, TRACE_PARENT);
    const clock = new RequestClock();
    const span = this.tracer.startSpan(
      route ? `${method} ${route}` : method,
      {
        kind: SpanKind.SERVER,
        startTime: clock.now(),
        attributes: { 'http.request.method': method, ...(route && { 'http.route': route }) },
      },
      parent,
    );
    if (!span.isRecording()) {
      return null;
    }
    const recorded = new RecordedRequest(this.tracer, span, clock);
    response.once('close', () => recorded.finish(request, response));
    return recorded;
  }

  /** Returns the path of an endpoint, undefined where there is none: what else stands in a path is its sender's text. */
  private routeOf(path: string): string | undefined {
    return ROUTES.get(path) ?? listedPath(path, ENDPOINTS) ?? listedPath(path, this.foreign.endpoints);
  }
}
