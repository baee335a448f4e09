import { readFile } from 'node:fs/promises';
import type { PythonDescription } from '../run/sandbox-executor';

/**
 * Reads what the set-up recorded of an interpreter and its packages (`tools/sandbox-root` writes it).
 * A missing or foreign file is an unknown version without packages: metadata must not fail over it.
 */
export async function readPythonManifest(path: string): Promise<PythonDescription> {
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as {
      python: { version: string };
      packages: { name: string; version: string }[];
      modules: string[];
      standardModules: string[];
    };
    return {
      version: manifest.python.version,
      packages: manifest.packages.map(({ name, version }) => ({ name, version })),
      modules: [...manifest.standardModules, ...manifest.modules].sort(),
    };
  } catch {
    // Not set up yet, taken away, or not ours: readiness tells, not this.
    return { version: null, packages: [], modules: [] };
  }
}
