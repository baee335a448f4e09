import type { Artifact, ErrorCode } from '@pycell/contracts';
import { type ExecuteAnswer, type HttpAnswer, HttpClient } from './http-client';

/** The newest revision that opens with `initialize`; what most clients speak. */
export const REVISION = '2025-06-18';

const HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
  'MCP-Protocol-Version': REVISION,
};

export interface McpContent {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
}

/** What run_python and tools of scripts answer. */
export interface McpOutcome {
  readonly status: 'completed' | 'failed';
  readonly result?: unknown;
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly line?: number;
    readonly retryAfterSeconds?: number;
  };
  readonly stdout: string;
  readonly stderr: string;
  readonly artifacts: readonly (Omit<Artifact, 'base64'> & { readonly shown: boolean })[];
  readonly durationMs?: number;
  readonly peakMemoryBytes?: number;
}

export interface McpTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: object;
  readonly outputSchema?: object;
}

export interface McpAnswer {
  readonly jsonrpc: '2.0';
  readonly id: number | null;
  readonly result?: {
    readonly content: readonly McpContent[];
    readonly structuredContent: McpOutcome;
    readonly isError: boolean;
    readonly tools: readonly McpTool[];
    readonly [key: string]: unknown;
  };
  readonly error?: { readonly code: number; readonly message: string; readonly data?: object };
}

/** Speaks MCP without any library, so that a test sees the bytes, and sends what no library would. */
export class McpClient {
  constructor(
    private readonly client: HttpClient,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** Sends a body as it is. */
  post(
    body: string | Buffer,
    headers: Readonly<Record<string, string>> = {},
    signal?: AbortSignal,
  ): Promise<HttpAnswer<McpAnswer>> {
    return this.client.send<McpAnswer>({
      method: 'POST',
      path: '/mcp',
      headers: { ...HEADERS, ...this.headers, ...headers },
      body,
      ...(signal && { signal }),
    });
  }

  request(method: string, params: object = {}): Promise<HttpAnswer<McpAnswer>> {
    return this.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }));
  }

  /** Calls a tool. @param given JSON text of its arguments */
  call(name: string, given: string, signal?: AbortSignal): Promise<HttpAnswer<McpAnswer>> {
    const params = `{"name":${JSON.stringify(name)},"arguments":${given}}`;
    return this.post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`, {}, signal);
  }

  /** Runs a script by run_python. */
  async run(script: string, members: object = {}): Promise<NonNullable<McpAnswer['result']>> {
    const { text, body } = await this.call('run_python', JSON.stringify({ script, ...members }));
    if (!body.result) {
      throw new Error(`no result: ${text}`);
    }
    return body.result;
  }

  async tools(): Promise<readonly McpTool[]> {
    return (await this.request('tools/list')).body.result?.tools ?? [];
  }
}

/** Executes scripts by run_python, and answers as if by `POST /execute`: for suites that are there for that. */
export class ExecutingMcpClient extends HttpClient {
  private readonly mcp = new McpClient(this);

  override async execute(script: string, signal?: AbortSignal, members = ''): Promise<ExecuteAnswer> {
    const rest = members === '' ? '' : `, ${members}`;
    const given = `{"mode": "function", "script": ${JSON.stringify(script)}${rest}}`;
    const answer = await this.mcp.call('run_python', given, signal);
    const told = answer.body.result?.structuredContent;
    if (!told) {
      throw new Error(`no result: ${answer.text}`);
    }
    const { result, error, stdout, stderr, artifacts, peakMemoryBytes } = told;
    const body = {
      ...(error ? { code: error.code, error: error.message } : { result }),
      stdout,
      stderr,
      artifacts,
      execution: { peakMemoryBytes },
    };
    return { ...answer, body: body as unknown as ExecuteAnswer['body'] };
  }
}
