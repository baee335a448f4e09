import { python, type CorpusTheme } from './corpus-case';

/** What people return, and lost: labels of rows, and values that had no form. */
export const FIELD_VALUES: CorpusTheme = {
  theme: 'values that people return',
  cases: [
    {
      name: 'a table that is grouped keeps its groups',
      script: python`
        import pandas as pd
        def main():
            df = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "t": [4.0, 18.0, 6.0]})
            return df.groupby("city").agg(mean=("t", "mean"), n=("t", "size"))
      `,
      answer: { result: '[{"city":"Oslo","mean":5.0,"n":2},{"city":"Rome","mean":18.0,"n":1}]' },
    },
    {
      name: 'describe keeps the names of its statistics',
      script:
        'import pandas as pd\ndef main():\n    return pd.DataFrame({"a": [1.0, 2.0, 3.0]}).describe().head(2)',
      answer: { result: '[{"index":"count","a":3.0},{"index":"mean","a":2.0}]' },
    },
    {
      name: 'a table over time keeps its days',
      script: python`
        import pandas as pd
        def main():
            s = pd.DataFrame({"v": range(4)}, index=pd.date_range("2024-01-01", periods=4, freq="12h"))
            return s.resample("D").sum()
      `,
      answer: { result: '[{"index":"2024-01-01T00:00:00","v":1},{"index":"2024-01-02T00:00:00","v":5}]' },
    },
    {
      name: 'columns of several levels are joined',
      script: python`
        import pandas as pd
        def main():
            df = pd.DataFrame({"k": ["x", "y"], "v": [1, 2]})
            return df.groupby("k").agg(["mean", "sum"]).reset_index()
      `,
      answer: { result: '[{"k":"x","v_mean":1.0,"v_sum":1},{"k":"y","v_mean":2.0,"v_sum":2}]' },
    },
    {
      name: 'tuples as keys are an error with the way out',
      script: python`
        import pandas as pd
        def main():
            df = pd.DataFrame({"a": ["p"], "b": ["x"], "v": [1]})
            return df.groupby(["a", "b"])["v"].sum().to_dict()
      `,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error:
          "Return value cannot become JSON: result has the tuple ('p', 'x') as a key; JSON keys are strings",
        hint: /reset_index\(\)/,
      },
    },
    {
      name: 'periods, intervals and dtypes are texts',
      script: python`
        import pandas as pd
        def main():
            df = pd.DataFrame({"d": pd.to_datetime(["2024-01-05"]).to_period("M"), "bin": pd.cut([5], [0, 18])})
            return [df, df["d"].dtype, pd.DataFrame({"a": [1]}).dtypes]
      `,
      answer: { result: '[[{"d":"2024-01","bin":"(0, 18]"}],"period[M]",{"a":"int64"}]' },
    },
    {
      name: 'sequences and mappings of the standard library',
      script: python`
        from array import array
        from collections import ChainMap, UserDict, deque
        from types import MappingProxyType, SimpleNamespace
        def main():
            d = {"a": 1}
            return [range(3), d.keys(), d.values(), d.items(), deque([1, 2]), array("i", [3]), MappingProxyType(d),
                    ChainMap({"x": 1}, {"y": 2}), UserDict(z=3), SimpleNamespace(n=[4])]
      `,
      answer: { result: '[[0,1,2],["a"],[1],[["a",1]],[1,2],[3],{"a":1},{"y":2,"x":1},{"z":3},{"n":[4]}]' },
    },
    {
      name: 'numbers and addresses that are texts',
      script: python`
        import ipaddress
        from datetime import timedelta, timezone
        from fractions import Fraction
        from zoneinfo import ZoneInfo
        def main():
            return [Fraction(1, 3), 1 + 2j, ipaddress.ip_address("10.0.0.1"), ZoneInfo("UTC"), timezone(timedelta(hours=2))]
      `,
      answer: { result: '["1/3","(1+2j)","10.0.0.1","UTC","UTC+02:00"]' },
    },
    {
      name: 'keys as json writes them',
      script: 'def main():\n    return {None: 1, 1.0: 2, True: 3, float("inf"): 4}',
      answer: { result: '{"null":1,"1.0":3,"Infinity":4}' },
    },
    {
      name: 'rows of sqlite3',
      script: python`
        import sqlite3
        def main():
            c = sqlite3.connect(":memory:")
            c.row_factory = sqlite3.Row
            return c.execute("select 1 a, 'x' b").fetchall()
      `,
      answer: { result: '[{"a":1,"b":"x"}]' },
    },
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
      name: `${name}: what to return instead`,
      script,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE' as const,
        error: new RegExp(`^Return value cannot become JSON: ${error.source.slice(1)}`),
        hint,
      },
    })),
  ],
};
