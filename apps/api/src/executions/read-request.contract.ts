import type { CallerTerms, ExecutionRequest } from '@pycell/sandbox';
import { RequestBodyPipe } from '../bodies/request-body.pipe';
import { readConfiguration } from '../configuration/configuration';
import { ErrorAnswers } from '../http/error-answers';
import { FailedRequests } from '../http/failed-requests';
import { ForeignForms } from '../http/foreign-forms';
import { HeldBodies } from '../http/held-bodies';
import { ExecutionRequestPipe } from './execution-request.pipe';

const CONFIGURATION = readConfiguration({
  MAX_INPUTS_BYTES: '1000',
  MAX_SCRIPT_SIZE: '30000',
  MAX_FILES: '3',
});
export const bodies = new RequestBodyPipe(
  CONFIGURATION,
  new HeldBodies(new ErrorAnswers(CONFIGURATION, new ForeignForms()), new FailedRequests(), CONFIGURATION),
);
export const pipe = new ExecutionRequestPipe(bodies);

/** Has all that the service gives. */
export const ANYBODY: CallerTerms = {
  id: 'anybody',
  maxPlaces: null,
  limits: CONFIGURATION.sandbox.limits,
  policyRules: CONFIGURATION.sandbox.policyRules,
  version: 0,
};
/** Has less of it. */
export const LIMITED: CallerTerms = {
  ...ANYBODY,
  id: 'key:small',
  limits: { ...ANYBODY.limits, timeoutSeconds: 2, memoryLimitMb: 64, maxScriptSize: 5_000 },
};

export const read = (body: string | Buffer, caller = ANYBODY): Promise<ExecutionRequest> =>
  pipe.transform({ body: Buffer.from(body), caller });

export async function refusalOf(
  body: unknown,
  caller = ANYBODY,
): Promise<{ code?: string; message?: string; hint?: string }> {
  try {
    await (Buffer.isBuffer(body)
      ? pipe.transform({ body, caller })
      : read(typeof body === 'string' ? body : JSON.stringify(body), caller));
    return {};
  } catch (error) {
    const { code, message, hint } = error as { code: string; message: string; hint?: string };
    return { code, message, ...(hint !== undefined && { hint }) };
  }
}

/** The same body, so long that it is read in slices. */
export const long = (body: string): string => body.replace(/\}$/, `${' '.repeat(70_000)}}`);

export const file = (fields: object): object => ({ script: 'x', files: [fields] });
export const named = (...names: readonly unknown[]): object => ({
  script: 'x',
  files: names.map((name) => ({ name, text: '' })),
});
