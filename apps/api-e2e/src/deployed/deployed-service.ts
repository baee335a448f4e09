import { API_PATHS, type MetadataResponse } from '@pycell/contracts';
import { eventually } from '../harness/eventually';
import { HttpClient } from '../harness/http-client';
import type { RunningService } from '../harness/running-service';

/** Address of a service that somebody else has started, such as a container. */
const BASE_URL = process.env['PYCELL_BASE_URL'];

/** Whether it has JAIL_PROFILE=gvisor, which promises less. */
export const isInsideGvisor = process.env['PYCELL_JAIL_PROFILE'] === 'gvisor';

/** gVisor starts a jail, and proves it, in a few seconds; on a busy machine in many more. */
const READY_TIMEOUT_MS = 100_000;

/**
 * Connects to the service at PYCELL_BASE_URL and waits until it is ready.
 * @throws Error when no address is given, or the service does not become ready.
 */
export async function connectToDeployed(): Promise<RunningService> {
  if (!BASE_URL) {
    throw new Error('PYCELL_BASE_URL is not set: these suites test a service that runs already');
  }
  const client = new HttpClient(BASE_URL);
  await eventually(
    () => client.get(API_PATHS.ready).then(({ status }) => status, String),
    (status) => status === 200,
    READY_TIMEOUT_MS,
  );
  return {
    client,
    stop: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

/** What the service says of itself. */
export async function describeDeployed(service: RunningService): Promise<MetadataResponse> {
  return (await service.client.get<MetadataResponse>(API_PATHS.metadata)).body;
}
