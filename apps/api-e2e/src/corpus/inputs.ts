import { python, type CorpusTheme } from './corpus-case';

const MISSING = /^The request has no inputs for main\(/;

/** What is sent as `inputs` reaches main() as it was written. */
export const INPUTS: CorpusTheme = {
  theme: 'inputs',
  cases: [
    {
      name: 'are the arguments of main by name, and defaults hold for the rest',
      script: 'def main(city, days=7):\n    return {"city": city, "days": days}',
      request: '"inputs": {"city": "Oslo"}',
      answer: { result: '{"city": "Oslo", "days": 7}' },
    },
    {
      name: 'keep integers of any size, the spelling of floats, and the order of keys',
      script: 'def main(**values):\n    return [[key, repr(value)] for key, value in values.items()]',
      request:
        '"inputs": {"z": 1180591620717411303424, "a": 1.0, "10": 1, "9": -0.0, "e": 1e2, "big": -123456789012345678901234567890}',
      answer: {
        result:
          '[["z","1180591620717411303424"],["a","1.0"],["10","1"],["9","-0.0"],["e","100.0"],["big","-123456789012345678901234567890"]]',
      },
    },
    {
      name: 'may be nested, empty, null and of any characters',
      script: 'def main(value, none, empty, text):\n    return [value, none, empty, text, len(text)]',
      request:
        '"inputs": {"value": [1, {"a": [true, false, null]}], "none": null, "empty": {}, "text": "é\\u0000😀\\ud83d\\ude00"}',
      answer: { result: '[[1,{"a":[true,false,null]}],null,{},"é\\u0000😀😀",4]' },
    },
    {
      name: 'of 5,000 digits are a number',
      script: 'def main(n):\n    return n % 1000',
      request: `"inputs": {"n": ${'7'.repeat(5000)}}`,
      answer: { result: '777' },
    },
    {
      name: 'reach an async main, a class and a callable object',
      script: python`
        class Job:
            def __call__(self, n, *, unit="km"):
                return f"{n} {unit}"
        main = Job()
      `,
      request: '"inputs": {"n": 3, "unit": "mi"}',
      answer: { result: '"3 mi"' },
    },
    {
      name: 'that are empty are as good as none',
      script: 'def main(n=1):\n    return n',
      request: '"inputs": {}',
      answer: { result: '1' },
    },
    {
      name: 'that lack a parameter are refused, with its name and the signature',
      script: 'def main(city, days):\n    return city',
      request: '"inputs": {"days": 3}',
      answer: {
        code: 'INVALID_INPUTS',
        error: /main\(city, days\).*"city"/,
        hint: /"inputs".*"city"/,
      },
    },
    {
      name: 'that main does not know are refused, with the one that is meant',
      script: 'def main(city="Oslo"):\n    return city',
      request: '"inputs": {"citty": "Rome"}',
      answer: { code: 'INVALID_INPUTS', error: /"citty".*city/, hint: /./ },
    },
    {
      name: 'that are not sent to a main that wants some are told to be missing',
      script: 'def main(data: list) -> dict:\n    return {"n": len(data)}',
      answer: { code: 'INVALID_INPUTS', error: MISSING, hint: /"inputs": \{"data": \.\.\.\}/ },
    },
    {
      name: 'are missed by keyword-only parameters as well',
      script: 'def main(*, n):\n    return n',
      answer: { code: 'INVALID_INPUTS', error: MISSING, hint: /"n"/ },
    },
    {
      name: 'keep what was printed before they were refused',
      script: 'print("loaded")\ndef main(n):\n    return n',
      request: '"inputs": {"m": 1}',
      answer: { code: 'INVALID_INPUTS', error: /"m"/, stdout: 'loaded\n' },
    },
    {
      name: 'are made a DataFrame, a date and a Decimal where main says so',
      script: python`
        from datetime import date, datetime
        from decimal import Decimal
        import pandas as pd

        def main(table: pd.DataFrame, day: date, at: datetime, price: Decimal, later: date | None = None):
            return [type(table).__name__, table["n"].sum(), day.isoformat(), at.year, str(price), later]
      `,
      request:
        '"inputs": {"table": [{"n": 1}, {"n": 2}], "day": "2026-11-29", "at": "2026-11-29T12:00:00Z", "price": 0.10, "later": null}',
      answer: { result: '["DataFrame", 3, "2026-11-29", 2026, "0.10", null]' },
    },
    {
      name: 'of which no date can be made are refused, with the value and what to send',
      script: 'from datetime import date\ndef main(day: date):\n    return day',
      request: '"inputs": {"day": "29.11.2026"}',
      answer: { code: 'INVALID_INPUTS', error: /day.*29\.11\.2026/ },
    },
  ],
};
