import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A request as a client of another service sends it, and what it must be answered. */
export interface GoldenRequest {
  readonly file: string;
  readonly origin: readonly { readonly project: string; readonly commits: readonly string[] }[];
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly answer: { readonly status: number; readonly body: Readonly<Record<string, unknown>> };
}

/** Returns the golden requests of an interface. @param folder of the interface */
export function goldenRequests(folder: string): readonly GoldenRequest[] {
  const golden = join(folder, 'golden');
  return readdirSync(golden).map((file) => ({
    ...(JSON.parse(readFileSync(join(golden, file), 'utf8')) as Omit<GoldenRequest, 'file'>),
    file,
  }));
}
