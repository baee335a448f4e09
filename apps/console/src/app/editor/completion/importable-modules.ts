import type { PackageInfo } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';
import { STANDARD_MODULES } from './standard-modules';

/** A module to offer behind `import`. */
export interface ImportableModule {
  readonly name: string;
  /** What it is, in a few words. */
  readonly detail: string;
}

/** Packages whose import name is not their own; the description of the API names packages only. */
const IMPORT_NAMES: Readonly<Record<string, string>> = {
  beautifulsoup4: 'bs4',
  'opencv-python': 'cv2',
  pillow: 'PIL',
  'python-dateutil': 'dateutil',
  pyyaml: 'yaml',
  'scikit-image': 'skimage',
  'scikit-learn': 'sklearn',
};

/** The modules that a script may import: the sandbox's packages and the standard library, without what is blocked. */
export function importableModules(packages: readonly PackageInfo[], rules: PolicyRules): ImportableModule[] {
  const found = new Map<string, string>(Object.entries(STANDARD_MODULES));
  for (const { name, version } of packages) {
    const module = IMPORT_NAMES[name.toLowerCase()] ?? name.replaceAll('-', '_');
    found.set(module, `${name} ${version}`);
  }
  return [...found]
    .filter(([name]) => !rules.blockedModules.includes(name))
    .map(([name, detail]) => ({ name, detail }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
