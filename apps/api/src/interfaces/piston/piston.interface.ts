import type { EndpointInfo } from '@pycell/contracts';
import type { InterfaceDescription } from '../door/interface-description';

/** Where Piston serves its API, and where its public one did, which clients have as a part of their paths. */
export const PISTON_ROOTS = ['/api/v2', '/api/v2/piston'] as const;

/** The HTTP API of Piston, version 2. */
export const PISTON: InterfaceDescription = {
  name: 'piston',
  prefixes: ['/api/v2'],
  endpoints: PISTON_ROOTS.flatMap((root): readonly EndpointInfo[] => [
    { method: 'GET', path: `${root}/runtimes`, description: 'Piston: the Python that there is' },
    { method: 'POST', path: `${root}/execute`, description: 'Piston: run a Python program' },
    { method: 'GET', path: `${root}/packages`, description: 'Piston: the same, as a package' },
    {
      method: 'POST',
      path: `${root}/packages`,
      description: 'Piston: refused, nothing is installed by requests',
    },
    {
      method: 'DELETE',
      path: `${root}/packages`,
      description: 'Piston: refused, nothing is removed by requests',
    },
    { method: 'GET', path: `${root}/connect`, description: 'Piston: refused, programs are not talked to' },
  ]),
  // It has none of its own.
  keyHeaders: [],
  openPaths: [],
  takesFiles: true,
  // What piston-client sends JSON as: it names no type, and its library does.
  bodyTypes: ['text/plain'],
  errorOf: ({ httpStatus, message }) => ({ status: httpStatus, body: { message } }),
};
