import { type CorpusTheme, python } from './corpus-case';

export const PANDAS: CorpusTheme = {
  theme: 'pandas',
  cases: [
    {
      name: 'a DataFrame becomes a list of records',
      script: python`
        import pandas as pd

        def main():
            return pd.DataFrame({"n": [1, 2], "x": [0.5, 1.5], "s": ["a", "b"], "b": [True, False]})
      `,
      answer: { result: '[{"n":1,"x":0.5,"s":"a","b":true},{"n":2,"x":1.5,"s":"b","b":false}]' },
    },
    {
      name: 'a Series becomes an object by index',
      script: python`
        import pandas as pd

        def main():
            return [pd.Series([1, 2], index=["a", "b"]), pd.Series([1.5, None]), pd.Series([], dtype=float)]
      `,
      answer: { result: '[{"a":1,"b":2},{"0":1.5,"1":null},{}]' },
    },
    {
      name: 'an empty DataFrame becomes an empty list',
      script:
        'import pandas as pd\ndef main():\n    return [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame({"a": [1]}).query("a > 1")]',
      answer: { result: '[[],[],[]]' },
    },
    {
      name: 'missing values of every kind become null',
      script: python`
        import pandas as pd
        import numpy as np

        def main():
            df = pd.DataFrame({
                "f": [1.0, np.nan], "o": ["a", None], "t": pd.to_datetime(["2024-01-02", None]),
                "i": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean"),
                "d": pd.to_timedelta(["90s", None]), "c": pd.Categorical(["x", None]),
            })
            return [df, pd.NA, pd.NaT, np.nan]
      `,
      answer: {
        result:
          '[[{"f":1.0,"o":"a","t":"2024-01-02T00:00:00","i":1,"b":true,"d":90.0,"c":"x"},' +
          '{"f":null,"o":null,"t":null,"i":null,"b":null,"d":null,"c":null}],null,null,null]',
      },
    },
    {
      name: 'groupby with several aggregations',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"k": ["a", "b", "a"], "v": [1, 2, 3], "w": [1.0, 2.0, 3.0]})
            return {
                "sum": df.groupby("k")["v"].sum(),
                "agg": df.groupby("k", as_index=False).agg(total=("v", "sum"), mean=("w", "mean"), n=("v", "size")),
                "transform": df["v"] - df.groupby("k")["v"].transform("mean"),
            }
      `,
      answer: {
        result:
          '{"sum":{"a":4,"b":2},"agg":[{"k":"a","total":4,"mean":2.0,"n":2},{"k":"b","total":2,"mean":2.0,"n":1}],' +
          '"transform":{"0":-1.0,"1":0.0,"2":1.0}}',
      },
    },
    {
      name: 'merge and concat',
      script: python`
        import pandas as pd

        def main():
            users = pd.DataFrame({"id": [1, 2, 3], "name": ["Ann", "Bob", "Cid"]})
            orders = pd.DataFrame({"id": [1, 1, 4], "total": [10, 20, 30]})
            left = users.merge(orders, on="id", how="left")
            both = pd.concat([users.head(1), users.tail(1)], ignore_index=True)
            return [left, both, len(users.merge(orders, how="outer", indicator=True))]
      `,
      answer: {
        result:
          '[[{"id":1,"name":"Ann","total":10.0},{"id":1,"name":"Ann","total":20.0},{"id":2,"name":"Bob","total":null},' +
          '{"id":3,"name":"Cid","total":null}],[{"id":1,"name":"Ann"},{"id":3,"name":"Cid"}],5]',
      },
    },
    {
      name: 'pivot_table, melt and crosstab',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"day": ["mo", "mo", "tu"], "city": ["A", "B", "A"], "t": [1, 2, 3]})
            pivot = df.pivot_table(index="day", columns="city", values="t", aggfunc="sum", fill_value=0)
            return [pivot.reset_index(), df.melt(id_vars="day", value_vars="t").head(1), pd.crosstab(df["day"], df["city"])]
      `,
      answer: {
        result:
          '[[{"day":"mo","A":1,"B":2},{"day":"tu","A":3,"B":0}],[{"day":"mo","variable":"t","value":1}],' +
          '[{"day":"mo","A":1,"B":1},{"day":"tu","A":1,"B":0}]]',
      },
    },
    {
      name: 'resample, rolling and shift on a time index',
      script: python`
        import pandas as pd

        def main():
            index = pd.date_range("2024-01-01", periods=4, freq="12h")
            s = pd.Series([1, 2, 3, 4], index=index)
            daily = s.resample("D").sum()
            return [daily, daily.index[0], s.rolling(2).mean().tolist(), s.shift(1).fillna(0).tolist()]
      `,
      answer: {
        result:
          '[{"2024-01-01T00:00:00":3,"2024-01-02T00:00:00":7},"2024-01-01T00:00:00",[null,1.5,2.5,3.5],[0.0,1.0,2.0,3.0]]',
      },
    },
    {
      name: 'read_csv from text with dates and missing values, to_csv back',
      script: python`
        import io
        import pandas as pd

        CSV = """when,name,amount
        2024-01-02,Ann,1.5
        2024-01-03,,2
        """.replace("        ", "")

        def main():
            df = pd.read_csv(io.StringIO(CSV), parse_dates=["when"])
            return [df, df.to_csv(index=False).splitlines()[1:], df.dtypes.astype(str)["amount"], df.isna().sum()]
      `,
      answer: {
        result:
          '[[{"when":"2024-01-02T00:00:00","name":"Ann","amount":1.5},{"when":"2024-01-03T00:00:00","name":null,"amount":2.0}],' +
          '["2024-01-02,Ann,1.5","2024-01-03,,2.0"],"float64",{"when":0,"name":1,"amount":0}]',
      },
    },
    {
      name: 'to_datetime with errors coerced, the dt accessor and time zones',
      script: python`
        import pandas as pd

        def main():
            s = pd.to_datetime(pd.Series(["2024-02-29", "nonsense"]), errors="coerce")
            stamp = pd.Timestamp("2024-07-01 12:00", tz="Europe/Berlin")
            return [s, s.dt.day_name().tolist(), stamp, stamp.tz_convert("UTC"), stamp - pd.Timedelta(days=1, hours=1), pd.Timedelta("1min")]
      `,
      answer: {
        result:
          '[{"0":"2024-02-29T00:00:00","1":null},["Thursday",null],"2024-07-01T12:00:00+02:00","2024-07-01T10:00:00+00:00",' +
          '"2024-06-30T11:00:00+02:00",60.0]',
      },
    },
    {
      name: 'categories, cut and value_counts',
      script: python`
        import pandas as pd

        def main():
            sizes = pd.Series(["S", "L", "S"], dtype="category")
            bins = pd.cut(pd.Series([1, 5, 9]), bins=[0, 3, 10], labels=["low", "high"])
            return [sizes, sizes.cat.codes, sizes.value_counts(), bins]
      `,
      answer: {
        result:
          '[{"0":"S","1":"L","2":"S"},{"0":1,"1":0,"2":1},{"S":2,"L":1},{"0":"low","1":"high","2":"high"}]',
      },
    },
    {
      name: 'NaN handling: fillna, dropna, interpolate, describe',
      script: python`
        import pandas as pd

        def main():
            s = pd.Series([1.0, None, 3.0])
            return [s.fillna(0).tolist(), s.dropna().to_dict(), s.interpolate().tolist(), s.describe()[["count", "mean", "max"]], s.sum()]
      `,
      answer: {
        result: '[[1.0,0.0,3.0],{"0":1.0,"2":3.0},[1.0,2.0,3.0],{"count":2.0,"mean":2.0,"max":3.0},4.0]',
      },
    },
    {
      name: 'text methods, apply, unique values and to_dict',
      script: python`
        import pandas as pd

        def main():
            df = pd.DataFrame({"name": ["ann lee", "bob", "bob"], "n": [1, 2, 2]})
            df["upper"] = df["name"].str.title().str.split().str[0]
            df["double"] = df["n"].apply(lambda n: n * 2)
            return [df["upper"].unique(), df["name"].nunique(), df.drop_duplicates().to_dict("records")[1], df.loc[df["n"] > 1, "double"].max()]
      `,
      answer: { result: '[["Ann","Bob"],2,{"name":"bob","n":2,"upper":"Bob","double":4},4]' },
    },
    {
      name: 'columns that are not strings become their text',
      script: 'import pandas as pd\ndef main():\n    return pd.DataFrame([[1, "a"], [2, "b"]])',
      answer: { result: '[{"0":1,"1":"a"},{"0":2,"1":"b"}]' },
    },
    {
      name: 'objects inside a frame are converted like everywhere else',
      script: python`
        import pandas as pd
        from decimal import Decimal

        def main():
            return pd.DataFrame({"tags": [["a", "b"], []], "price": [Decimal("1.10"), None], "big": [2**70, 1]})
      `,
      answer: {
        result:
          '[{"tags":["a","b"],"price":"1.10","big":1180591620717411303424},{"tags":[],"price":null,"big":1}]',
      },
    },
    {
      name: 'duplicate columns are an error that names them',
      script:
        'import pandas as pd\ndef main():\n    return {"df": pd.DataFrame([[1, 2]], columns=["a", "a"])}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\["df"\] .*column.*"a"/,
      },
    },
    {
      name: 'duplicate index labels of a Series are an error that names them',
      script: 'import pandas as pd\ndef main():\n    return pd.Series([1, 2, 3], index=["x", "y", "x"])',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result .*index label.*"x"/,
      },
    },
    {
      name: 'a value in a frame that is not serializable is named by row and column',
      script: 'import pandas as pd\ndef main():\n    return pd.DataFrame({"a": [1, 2], "f": [None, print]})',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\[1\]\["f"\] is a builtin_function_or_method/,
      },
    },
    {
      name: 'prints a frame as pandas prints it',
      script: 'import pandas as pd\ndef main():\n    print(pd.DataFrame({"a": [1, 20], "b": ["x", "yy"]}))',
      answer: { result: 'null', stdout: '    a   b\n0   1   x\n1  20  yy\n' },
    },
  ],
};
