import { hintFor, type PolicyRules } from '@pycell/script-policy';
import { BUILTINS } from './builtins';
import type { ImportableModule } from './importable-modules';
import { SNIPPETS } from './snippets';

/** Something to offer while typing. */
export interface Suggestion {
  readonly kind: 'module' | 'snippet' | 'function';
  readonly label: string;
  readonly detail: string;
  readonly insert: string;
  /** The service refuses what it stands for: the reason and the way that is open. */
  readonly blocked?: string;
}

/** `import |`, `import a, |`, `import a as b, |` or `from |`. */
const AFTER_IMPORT = /^\s*(?:from\s+|import\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*)[\w]*$/;
/** Behind these a new statement or expression makes no sense: a string, a comment, an attribute, a number. */
const NO_PLACE = /(?:\.\s*\w*|\b\d\w*)$/;

/**
 * What to offer at a place.
 * @param linePrefix the line up to the cursor
 */
export function suggestionsAt(
  linePrefix: string,
  modules: readonly ImportableModule[],
  rules: PolicyRules,
): Suggestion[] {
  if (AFTER_IMPORT.test(linePrefix)) {
    return [
      ...modules.map(({ name, detail }) => ({ kind: 'module' as const, label: name, detail, insert: name })),
      ...rules.blockedModules.map((name) => blockedSuggestion('module', name)),
    ];
  }
  if (NO_PLACE.test(linePrefix) || /^\s*(?:from|import)\s/.test(linePrefix) || isInText(linePrefix))
    return [];
  const available = new Set(modules.map(({ name }) => name));
  const startsStatement = /^\s*\w*$/.test(linePrefix);
  return [
    ...SNIPPETS.filter(({ uses, body }) => {
      const isExpression = /^[[{]/.test(body);
      return (startsStatement || isExpression) && (uses ?? []).every((name) => available.has(name));
    }).map(({ label, detail, body }): Suggestion => ({ kind: 'snippet', label, detail, insert: body })),
    ...BUILTINS.filter((name) => !rules.blockedNames.includes(name)).map((name): Suggestion => ({
      kind: 'function',
      label: name,
      detail: 'built-in',
      insert: name,
    })),
    ...BUILTINS.filter((name) => rules.blockedNames.includes(name)).map((name) =>
      blockedSuggestion('function', name),
    ),
  ];
}

/** A name that the policy blocks is offered as that: who looks for it learns why it is of no use here, and what is. */
function blockedSuggestion(kind: 'module' | 'function', name: string): Suggestion {
  const hint = hintFor(kind === 'module' ? 'blocked-import' : 'blocked-name', name) ?? '';
  return {
    kind,
    label: name,
    detail: `blocked: ${hint.split(/[.:] /, 1)[0] ?? ''}`,
    insert: name,
    blocked: `The policy of this service blocks \`${name}\`. ${hint}`.trim(),
  };
}

/** Whether the place is inside a string or a comment, as far as its line tells. */
function isInText(linePrefix: string): boolean {
  let quote = '';
  for (let at = 0; at < linePrefix.length; at += 1) {
    const character = linePrefix.charAt(at);
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '#') {
      return true;
    } else if (character === '"' || character === "'") {
      quote = character;
    }
  }
  return quote !== '';
}
