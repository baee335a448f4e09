import type { InputEntry, InputKind } from '../../script/run-setup';

/** One parameter of `main`, as a field of the form. */
export interface InputField {
  readonly name: string;
  readonly kind: InputKind;
  readonly isRequired: boolean;
  /** Whether it may be `None`. */
  readonly isNullable: boolean;
  /** Of a choice: the JSON text of each value. */
  readonly options: readonly string[];
  /** The JSON text of its default; null where there is none, or where it is known to Python only. */
  readonly defaultJson: string | null;
  /** What the docstring says of it; may be empty. */
  readonly description: string;
}

/** What `main` takes. */
export interface Signature {
  readonly fields: readonly InputField[];
  /** Whether it takes other names too. */
  readonly takesMore: boolean;
  /** Its docstring. */
  readonly doc: string;
}

/** The entry of what goes by other names, as JSON; no parameter can have this name. */
export const MORE = '**';

/** Fields for what was typed, while it is not known what `main` takes: a service that cannot be asked, say. */
export function fieldsOfEntries(entries: Readonly<Record<string, InputEntry>>): readonly InputField[] {
  return Object.entries(entries)
    .filter(([name]) => name !== MORE)
    .map(([name, { kind }]) => ({
      name,
      // Which values there were to choose from is not known either.
      kind: kind === 'choice' ? 'any' : kind,
      isRequired: false,
      isNullable: false,
      options: [],
      defaultJson: null,
      description: '',
    }));
}
