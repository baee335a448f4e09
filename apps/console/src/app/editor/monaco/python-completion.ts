import type { IDisposable, languages } from 'monaco-editor';
import type { PolicyRules } from '@pycell/script-policy';
import type { ImportableModule } from '../completion/importable-modules';
import { suggestionsAt, type Suggestion } from '../completion/suggestions';
import type { MonacoApi } from './load-monaco';

/** What is offered, asked anew each time: it changes with the API. */
export interface CompletionSource {
  modules(): readonly ImportableModule[];
  rules(): PolicyRules;
}

/** Offers modules, snippets and built-ins in Python. */
export function registerPythonCompletion(monaco: MonacoApi, source: CompletionSource): IDisposable {
  const { CompletionItemKind, CompletionItemInsertTextRule, CompletionItemTag } = monaco.languages;
  const kinds: Readonly<Record<Suggestion['kind'], languages.CompletionItemKind>> = {
    module: CompletionItemKind.Module,
    snippet: CompletionItemKind.Snippet,
    function: CompletionItemKind.Function,
  };
  return monaco.languages.registerCompletionItemProvider('python', {
    triggerCharacters: [' '],
    provideCompletionItems: (model, position) => {
      const linePrefix = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      // A space opens the list behind `import` and `from` only: elsewhere it would get in the way.
      if (/\s$/.test(linePrefix) && !/^\s*(?:from|import)\b.*\s$/.test(linePrefix))
        return { suggestions: [] };
      const word = model.getWordUntilPosition(position);
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: word.startColumn,
        endColumn: word.endColumn,
      };
      return {
        suggestions: suggestionsAt(linePrefix, source.modules(), source.rules()).map(
          ({ kind, label, detail, insert, blocked }) => ({
            label: { label, description: detail },
            kind: kinds[kind],
            insertText: insert,
            ...(kind === 'snippet' && {
              insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet,
              documentation: insert.replace(/\$\{\d+:([^}]*)\}|\$\d+/g, '$1'),
            }),
            // Crossed out, behind everything that can be used.
            ...(blocked !== undefined && {
              tags: [CompletionItemTag.Deprecated],
              documentation: { value: blocked },
              sortText: `~${label}`,
            }),
            range,
          }),
        ),
      };
    },
  });
}
