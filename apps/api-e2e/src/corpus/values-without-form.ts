import type { CorpusTheme } from './corpus-case';

export const VALUES_WITHOUT_FORM: CorpusTheme = {
  theme: 'values that have no form in JSON: what to return instead',
  cases: [
    ...(
      [
        [
          'a main that yields',
          'def main():\n    yield 1',
          /^result is a generator/,
          /^Return list\(\.\.\.\) of it/,
        ],
        [
          'a zip',
          'def main():\n    return zip([1], "a")',
          /^result is a zip/,
          /^Return list\(\.\.\.\) of it/,
        ],
        [
          'an object of a class',
          'class P:\n    def __init__(self):\n        self.x = 1\ndef main():\n    return [P()]',
          /^result\[0\] is a P,/,
          /vars\(\.\.\.\) of it/,
        ],
        [
          'an exception',
          'def main():\n    return {"err": ValueError("x")}',
          /^result\["err"\] is a ValueError,/,
          /^Return str\(\.\.\.\) of it/,
        ],
      ] as const
    ).map(([name, script, error, hint]) => ({
      name,
      script,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE' as const,
        error: new RegExp(`^Return value cannot become JSON: ${error.source.slice(1)}`),
        hint,
      },
    })),
  ],
};
