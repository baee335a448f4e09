import { type CorpusTheme, python } from './corpus-case';

export const PANDAS_LABELS: CorpusTheme = {
  theme: 'pandas: index and levels',
  cases: [
    {
      name: 'the labels of groups are in the result, under their name',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"city": ["Oslo", "Rome", "Oslo"], "year": [1, 1, 2], "t": [4.0, 18.0, 6.0]})
            return [df.groupby("city").agg(mean=("t", "mean"), n=("t", "size")), df.groupby(["city", "year"]).sum()]
      `,
      answer: {
        result:
          '[[{"city":"Oslo","mean":5.0,"n":2},{"city":"Rome","mean":18.0,"n":1}],' +
          '[{"city":"Oslo","year":1,"t":4.0},{"city":"Oslo","year":2,"t":6.0},{"city":"Rome","year":1,"t":18.0}]]',
      },
    },
    {
      name: 'an index without a name is called index: describe, corr, T',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]})
            return [df[["a"]].astype(float).describe().tail(2), df.corr(), df.head(1).T]
      `,
      answer: {
        result:
          '[[{"index":"75%","a":2.5},{"index":"max","a":3.0}],[{"index":"a","a":1.0,"b":-1.0},{"index":"b","a":-1.0,"b":1.0}],' +
          '[{"index":"a","0":1},{"index":"b","0":3}]]',
      },
    },
    {
      name: 'a pivot table keeps the labels of its rows',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"m": ["jan", "jan", "feb"], "k": ["x", "y", "x"], "v": [1, 2, 3]})
            return df.pivot_table(index="m", columns="k", values="v", aggfunc="sum")
      `,
      answer: { result: '[{"m":"feb","x":3.0,"y":null},{"m":"jan","x":1.0,"y":2.0}]' },
    },
    {
      name: 'dates of a time index are in the result',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"v": range(4)}, index=pd.date_range("2024-01-01", periods=4, freq="12h"))
            return df.resample("D").sum()
      `,
      answer: { result: '[{"index":"2024-01-01T00:00:00","v":1},{"index":"2024-01-02T00:00:00","v":5}]' },
    },
    {
      name: 'a default index is left out, that of filtered rows is not, reset_index(drop=True) leaves it out',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": [1, 2, 3]})
            some = df[df["a"] != 2]
            return [df.head(1), some, some.reset_index(drop=True), df.rename_axis("id").head(1)]
      `,
      answer: {
        result: '[[{"a":1}],[{"index":0,"a":1},{"index":2,"a":3}],[{"a":1},{"a":3}],[{"id":0,"a":1}]]',
      },
    },
    {
      name: 'levels without a name are called as reset_index calls them',
      script: python`
        import pandas as pd

        def main():
            index = pd.MultiIndex.from_tuples([("a", 1)])
            return [pd.DataFrame({"v": [5]}, index=index), pd.Series([5], index=index), pd.DataFrame({"index": [1]}, index=["x"])]
      `,
      answer: {
        result:
          '[[{"level_0":"a","level_1":1,"v":5}],[{"level_0":"a","level_1":1,"0":5}],[{"level_0":"x","index":1}]]',
      },
    },
    {
      name: 'a Series with several levels becomes a list of records',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": ["p", "p", "q"], "b": ["x", "y", "x"], "v": [1, 2, 3]})
            return [df.groupby(["a", "b"])["v"].sum(), df[["a"]].value_counts()]
      `,
      answer: {
        result:
          '[[{"a":"p","b":"x","v":1},{"a":"p","b":"y","v":2},{"a":"q","b":"x","v":3}],[{"a":"p","count":2},{"a":"q","count":1}]]',
      },
    },
    {
      name: 'levels of columns are joined',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"k": ["x", "y"], "v": [1, 2]}).groupby("k").agg(["mean", "sum"])
            return [df, df.reset_index()]
      `,
      answer: {
        result:
          '[[{"k":"x","v_mean":1.0,"v_sum":1},{"k":"y","v_mean":2.0,"v_sum":2}],[{"k":"x","v_mean":1.0,"v_sum":1},{"k":"y","v_mean":2.0,"v_sum":2}]]',
      },
    },
    {
      name: 'Period, Interval, dtypes and frequencies become text',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"age": [5, 30]})
            df["bin"] = pd.cut(df["age"], [0, 18, 65])
            return [df, pd.Period("2024-01"), df[["age"]].dtypes, pd.Int64Dtype(), pd.date_range("2024", periods=2).freq]
      `,
      answer: {
        result:
          '[[{"age":5,"bin":"(0, 18]"},{"age":30,"bin":"(18, 65]"}],"2024-01",{"age":"int64"},"Int64","D"]',
      },
    },
    {
      name: 'labels are written as keys of a dict are',
      script: python`
        import pandas as pd

        def main():
            days = pd.to_datetime(["2024-01-01", "2024-01-02"])
            return [
                pd.Series([1, 2], index=days), pd.DataFrame([[1, 2]], columns=days),
                pd.Series([True, False, True]).value_counts(), pd.Series([True, False, True]).value_counts().to_dict(),
                pd.Series([1, 2], index=pd.period_range("2024-01", periods=2, freq="M")),
            ]
      `,
      answer: {
        result:
          '[{"2024-01-01T00:00:00":1,"2024-01-02T00:00:00":2},[{"2024-01-01T00:00:00":1,"2024-01-02T00:00:00":2}],' +
          '{"true":2,"false":1},{"true":2,"false":1},{"2024-01":1,"2024-02":2}]',
      },
    },
    {
      name: 'tuple keys of to_dict are an error that names the first',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"a": ["x", "y"], "b": ["p", "q"], "v": [1, 2]})
            return df.groupby(["a", "b"])["v"].sum().to_dict()
      `,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error:
          "Return value cannot become JSON: result has the tuple ('x', 'p') as a key; JSON keys are strings",
        hint: /reset_index\(\)/,
      },
    },
    {
      name: 'a level of the index that is called like a column is an error that names it',
      script:
        'import pandas as pd\ndef main():\n    return {"t": pd.DataFrame({"k": [1], "v": [2]}).set_index("k", drop=False)}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: 'Return value cannot become JSON: result["t"] has "k" as a column and as a level of its index',
      },
    },
    {
      name: 'columns that are the same after their levels are joined are an error that names them',
      script:
        'import pandas as pd\ndef main():\n    return pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a_b", "")]))',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: 'Return value cannot become JSON: result has the column "a_b" more than once',
      },
    },
  ],
};
