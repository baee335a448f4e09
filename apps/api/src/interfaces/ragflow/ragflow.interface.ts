import type { InterfaceDescription } from '../door/interface-description';
import { fastApiError, ragflowRefusal } from './ragflow-answer';

export const RUN_PATH = '/run';
export const HEALTH_PATH = '/healthz';

/** What RAGFlow calls its `sandbox-executor-manager` by: SANDBOX_HOST, or the endpoint of its self-managed provider. */
export const RAGFLOW: InterfaceDescription = {
  name: 'ragflow',
  prefixes: [RUN_PATH, HEALTH_PATH],
  endpoints: [
    { method: 'POST', path: RUN_PATH, description: 'RAGFlow: execute main() of a Python script' },
    { method: 'GET', path: HEALTH_PATH, description: 'RAGFlow: the process answers' },
  ],
  keyHeaders: ['x-sandbox-token'],
  openPaths: [HEALTH_PATH],
  errorOf: ({ code, httpStatus, message }) => {
    switch (code) {
      case 'INVALID_REQUEST':
        return { status: 422, body: fastApiError([], message) };
      case 'RATE_LIMITED':
      case 'SANDBOX_BUSY':
      case 'SANDBOX_UNAVAILABLE':
        return { status: httpStatus, body: ragflowRefusal(-httpStatus, message, message) };
      default:
        return { status: httpStatus, body: { detail: message } };
    }
  },
};
