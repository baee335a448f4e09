import type { Request, Response } from 'express';
import type { ForeignBodies } from '../door/foreign-bodies';
import type { ForeignClient } from '../door/foreign-client';
import type { InterfaceAnswers } from '../door/interface-answers';
import type { InterfaceRates } from '../door/interface-rates';
import type { Submissions } from './submissions';
import { SubmissionsController } from './submissions.controller';
import type { ToldSubmissions } from './told-submissions';

describe('SubmissionsController', () => {
  it('starts no more of a batch once its client has gone', async () => {
    const controller = new AbortController();
    const client = { signal: controller.signal } as ForeignClient;
    let started = 0;
    const submissions = {
      read: (body: unknown) => body,
      start: () => {
        if (++started === 2) {
          controller.abort(new Error('gone'));
        }
        return Promise.resolve(`token ${started}`);
      },
    } as unknown as Submissions;
    const sent = { submissions: Array<object>(20).fill({ source_code: 'x', language_id: 71 }) };
    const subject = new SubmissionsController(
      submissions,
      {} as ToldSubmissions,
      { refusalOfAnother: () => Promise.resolve(null) } as unknown as InterfaceRates,
      { value: () => Promise.resolve(sent) } as unknown as ForeignBodies,
      {} as InterfaceAnswers,
    );
    await expect(subject.createBatch({}, {} as Request, client, {} as Response)).rejects.toThrow('gone');
    expect(started).toBe(2);
  });
});
