import type { PackageInfo } from '@pycell/contracts';
import type { PolicyRules } from '@pycell/script-policy';
import { STANDARD_MODULES } from './standard-modules';

/** A module to offer behind `import`. */
export interface ImportableModule {
  readonly name: string;
  /** What it is, in a few words. */
  readonly detail: string;
}

/** Packages whose import name is not their own, for the sake of their version; modules come by their own names. */
const IMPORT_NAMES: Readonly<Record<string, string>> = {
  beautifulsoup4: 'bs4',
  fonttools: 'fontTools',
  'opencv-python': 'cv2',
  pillow: 'PIL',
  'python-dateutil': 'dateutil',
  pyyaml: 'yaml',
  'scikit-image': 'skimage',
  'scikit-learn': 'sklearn',
};

/** Modules that matplotlib brings besides its own. */
const OF_MATPLOTLIB = new Set(['mpl_toolkits', 'pylab']);

/** The modules that a script may import: those that the service has, without those that its policy blocks. */
export function importableModules(
  { modules, packages }: { readonly modules: readonly string[]; readonly packages: readonly PackageInfo[] },
  rules: PolicyRules,
): ImportableModule[] {
  const versions = new Map(packages.map((info) => [importName(info), `${info.name} ${info.version}`]));
  return modules
    .filter((name) => !rules.blockedModules.includes(name))
    .map((name) => ({
      name,
      detail:
        versions.get(OF_MATPLOTLIB.has(name) ? 'matplotlib' : name) ??
        STANDARD_MODULES[name] ??
        'standard library',
    }));
}

function importName({ name }: PackageInfo): string {
  return IMPORT_NAMES[name.toLowerCase()] ?? name.replaceAll('-', '_');
}
