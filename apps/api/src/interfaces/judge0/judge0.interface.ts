import type { ForeignAnswer, ForeignError, InterfaceDescription } from '../door/interface-description';

/** The HTTP API of Judge0 CE. */
export const JUDGE0: InterfaceDescription = {
  name: 'judge0',
  prefixes: [
    '/submissions',
    '/languages',
    '/statuses',
    '/about',
    '/workers',
    '/config_info',
    '/system_info',
    '/authenticate',
    '/authorize',
  ],
  endpoints: [
    { method: 'POST', path: '/submissions', description: 'Judge0: submit a Python program' },
    {
      method: 'GET',
      path: '/submissions',
      description: 'Judge0: refused, nobody lists the submissions of all',
    },
    { method: 'POST', path: '/submissions/batch', description: 'Judge0: submit several' },
    { method: 'GET', path: '/submissions/batch', description: 'Judge0: what has become of several' },
    { method: 'GET', path: '/submissions/{token}', description: 'Judge0: what has become of one' },
    {
      method: 'DELETE',
      path: '/submissions/{token}',
      description: 'Judge0: refused, they are forgotten in time',
    },
    {
      method: 'GET',
      path: '/languages',
      description: 'Judge0: the Python that there is, by its ids of Python 3',
    },
    { method: 'GET', path: '/languages/{id}', description: 'Judge0: one of them' },
    { method: 'GET', path: '/statuses', description: 'Judge0: what may become of a submission' },
    { method: 'GET', path: '/about', description: 'Judge0: the version whose interface this is' },
    { method: 'GET', path: '/workers', description: 'Judge0: how many places there are, and how many wait' },
    { method: 'GET', path: '/config_info', description: 'Judge0: limits, by its names' },
    { method: 'GET', path: '/system_info', description: 'Judge0: refused, the machine is not described' },
    { method: 'POST', path: '/authenticate', description: 'Judge0: whether the key is known' },
    { method: 'POST', path: '/authorize', description: 'Judge0: refused, there are no administrators' },
  ],
  keyHeaders: ['x-auth-token', 'x-rapidapi-key'],
  openPaths: [],
  bodilessPaths: ['/authenticate', '/authorize'],
  takesFiles: true,
  errorOf,
};

/** The words of Judge0 where it has some, ours in its form elsewhere. */
function errorOf({
  code,
  httpStatus,
  message,
}: Pick<ForeignError, 'code' | 'httpStatus' | 'message'>): ForeignAnswer {
  switch (code) {
    case 'SANDBOX_BUSY':
      return { status: 503, body: { error: 'queue is full' } };
    case 'SCRIPT_TOO_LARGE':
      return { status: 422, body: { source_code: [message] } };
    default:
      return { status: httpStatus, body: { error: message } };
  }
}
