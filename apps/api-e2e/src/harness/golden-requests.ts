import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A request as a client of another service sends it, and what it must be answered at least. */
export interface GoldenRequest {
  readonly file: string;
  readonly about: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  readonly answer: {
    readonly status: number;
    readonly body: object;
    /** Patterns of texts that differ from one version of Python to the next. */
    readonly errorMatches?: string;
    readonly stderrMatches?: string;
  };
}

const INTERFACES = resolve(__dirname, '../../../../apps/api/src/interfaces');

/** Returns the golden requests of an interface. They lie beside its code. */
export function goldenRequests(name: string): readonly GoldenRequest[] {
  const folder = join(INTERFACES, name, 'golden');
  return readdirSync(folder).map((file) => ({
    ...(JSON.parse(readFileSync(join(folder, file), 'utf8')) as Omit<GoldenRequest, 'file'>),
    file,
  }));
}
