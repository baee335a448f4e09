import type { RequestBodyPipe } from '../../bodies/request-body.pipe';
import type { Callers } from '../../callers/callers';
import { readConfiguration } from '../../configuration/configuration';
import { RequestFailure } from '../../http/request-failure';
import { CheckedFields } from './checked-fields';
import type { ForeignClient } from './foreign-client';

class Fields {
  readonly text?: unknown;
}

describe('CheckedFields', () => {
  it('says what is wrong, and that nothing is executed', async () => {
    const configuration = readConfiguration({});
    const validated = (): never => {
      throw new RequestFailure('INVALID_REQUEST', 'Field no is not known');
    };
    const fields = new CheckedFields(
      { validated } as unknown as RequestBodyPipe,
      { interfaceTermsOf: () => configuration.sandbox } as unknown as Callers,
      configuration,
    );
    const told: string[] = [];
    const client = {
      signal: new AbortController().signal,
      refused: (code: string) => told.push(code),
    } as unknown as ForeignClient;
    const read = await fields.read(Buffer.from('{"no":1}'), Fields, client);
    expect(read).toMatchObject({ kind: 'failed', code: 'INVALID_REQUEST', message: 'Field no is not known' });
    expect(told).toEqual(['INVALID_REQUEST']);
  });
});
