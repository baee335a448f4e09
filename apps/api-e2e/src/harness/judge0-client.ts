import type { ApiServer } from './api-server';
import type { HttpAnswer } from './http-client';

const JSON_TYPE = { 'Content-Type': 'application/json' };
/** Judge0's oldest id of Python 3. */
export const PYTHON = 71;
const END_TIMEOUT_MS = 20_000;

/** What Judge0 tells of a submission, as far as tests look at it. */
export interface Submission {
  readonly token: string;
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly message: string | null;
  readonly compile_output: string | null;
  readonly status: { readonly id: number; readonly description: string };
  readonly time: string | null;
  readonly memory: number | null;
  readonly exit_code?: number | null;
  readonly exit_signal?: number | null;
  readonly error?: string;
}

/** Talks to a service as clients of Judge0 do. */
export class Judge0 {
  constructor(
    private readonly server: ApiServer,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  post<T = Submission>(path: string, body: unknown): Promise<HttpAnswer<T>> {
    return this.server.client.send<T>({
      method: 'POST',
      path,
      headers: { ...JSON_TYPE, ...this.headers },
      body: JSON.stringify(body),
    });
  }

  get<T = Submission>(path: string): Promise<HttpAnswer<T>> {
    return this.server.client.get<T>(path, this.headers);
  }

  run(source: string, more: object = {}, query = ''): Promise<HttpAnswer<Submission>> {
    const submission = { source_code: source, language_id: PYTHON, ...more };
    return this.post(`/submissions?wait=true&base64_encoded=false${query}`, submission);
  }

  /** Asks until it has ended, and returns all that is told of it. */
  async ended(token: string, query = ''): Promise<Submission> {
    const end = Date.now() + END_TIMEOUT_MS;
    for (;;) {
      const { body } = await this.get(`/submissions/${token}?base64_encoded=false&fields=*${query}`);
      if (body.status.id > 2) {
        return body;
      }
      if (Date.now() > end) {
        throw new Error(`it never ended: ${JSON.stringify(body)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
