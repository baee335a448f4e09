import { readFile } from 'node:fs/promises';
import type { PythonDescription } from './sandbox-executor';

/**
 * Reads what the set-up recorded of an interpreter and its packages (`tools/sandbox-root` writes it).
 * A missing or foreign file is an unknown version without packages: metadata must not fail over it.
 */
export async function readPythonManifest(path: string): Promise<PythonDescription> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    // Not set up yet, or taken away: readiness tells, not this.
    return { version: null, packages: [] };
  }
  const manifest = JSON.parse(text) as {
    python?: { version?: string };
    packages?: { name: string; version: string }[];
  };
  return {
    version: manifest.python?.version ?? null,
    packages: (manifest.packages ?? []).map(({ name, version }) => ({ name, version })),
  };
}
