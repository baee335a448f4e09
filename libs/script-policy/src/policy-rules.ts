/** Why a script can be refused. */
export type PolicyRule = 'blocked-import' | 'blocked-name' | 'control-character' | 'too-complex';

/** Which names a script may not use. Names are compared after NFKC normalisation, as Python compares them. */
export interface PolicyRules {
  /** top-level modules, refused together with everything below them */
  readonly blockedModules: readonly string[];
  /** bare names, refused wherever the script loads one that it did not bind itself */
  readonly blockedNames: readonly string[];
}

export const DEFAULT_POLICY_RULES: PolicyRules = {
  blockedModules: ['os', 'sys', 'subprocess', 'shutil'],
  blockedNames: [
    '__import__',
    'eval',
    'exec',
    'compile',
    'open',
    'file',
    'input',
    'raw_input',
    'exit',
    'quit',
    'reload',
  ],
};

/**
 * The rules without some of their names.
 *
 * @param names modules or bare names that `rules` blocks
 * @throws {RangeError} for a name that `rules` does not block, so that a typing error does not pass for a permission
 */
export function allowNames(rules: PolicyRules, names: readonly string[]): PolicyRules {
  const known = [...rules.blockedModules, ...rules.blockedNames];
  for (const name of names) {
    if (!known.includes(name)) {
      throw new RangeError(
        `Cannot allow ${JSON.stringify(name)}: the script policy does not block it. It blocks: ${known.join(', ')}`,
      );
    }
  }
  return {
    blockedModules: rules.blockedModules.filter((name) => !names.includes(name)),
    blockedNames: rules.blockedNames.filter((name) => !names.includes(name)),
  };
}
