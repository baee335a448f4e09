import { type CorpusTheme, python } from './corpus-case';

export const NUMPY: CorpusTheme = {
  theme: 'numpy',
  cases: [
    {
      name: 'arrays of every dimension become nested lists',
      script: python`
        import numpy as np

        def main():
            return [np.arange(3), np.eye(2), np.zeros((1, 2, 2), dtype=int), np.array(5), np.array([]), np.ones((2, 0))]
      `,
      answer: { result: '[[0,1,2],[[1.0,0.0],[0.0,1.0]],[[[0,0],[0,0]]],5,[],[[],[]]]' },
    },
    {
      name: 'scalars become plain numbers, strings and booleans',
      script: python`
        import numpy as np

        def main():
            return {
                "int": np.int64(7), "uint": np.uint64(2**64 - 1), "small": np.int8(-1), "float": np.float64(0.1),
                "single": np.float32(0.5), "bool": np.bool_(True), "str": np.str_("a"), "nan": np.nan, "inf": -np.inf,
                "long": np.longdouble(0.25), "half": np.float16(1.5),
            }
      `,
      answer: {
        result:
          '{"int":7,"uint":18446744073709551615,"small":-1,"float":0.1,"single":0.5,"bool":true,"str":"a","nan":null,' +
          '"inf":null,"long":0.25,"half":1.5}',
      },
    },
    {
      name: 'dtypes: bool, unsigned, float32, text, bytes and object arrays',
      script: python`
        import numpy as np
        from datetime import date

        def main():
            return [
                np.array([True, False]), np.array([255], dtype=np.uint8), np.array([0.1], dtype=np.float32),
                np.array(["a", "bc"]), np.array([b"x"]), np.array([1, "a", None, date(2024, 1, 2)], dtype=object),
                np.array([2**63], dtype=np.uint64), np.array([0.5], dtype=np.float16),
            ]
      `,
      answer: {
        result:
          '[[true,false],[255],[0.10000000149011612],["a","bc"],["x"],[1,"a",null,"2024-01-02"],[9223372036854775808],[0.5]]',
      },
    },
    {
      name: 'NaN and infinities inside arrays become null',
      script: python`
        import numpy as np

        def main():
            return [np.array([1.0, np.nan, np.inf]), np.array([[np.nan], [2.0]]), np.array([np.nan], dtype=np.float32)]
      `,
      answer: { result: '[[1.0,null,null],[[null],[2.0]],[null]]' },
    },
    {
      name: 'masked values become null',
      script: python`
        import numpy as np

        def main():
            return [np.ma.array([1, 2, 3], mask=[0, 1, 0]), np.ma.array([1.5, 2.5], mask=[1, 0])]
      `,
      answer: { result: '[[1,null,3],[null,2.5]]' },
    },
    {
      name: 'masked values beside NaN become null',
      script: python`
        import numpy as np

        def main():
            return np.ma.array([1.0, np.nan, 3.0], mask=[1, 0, 0])
      `,
      answer: { result: '[null,null,3.0]' },
    },
    {
      name: 'a matrix that holds NaN becomes a nested list',
      script: 'import numpy as np\ndef main():\n    return np.matrix([[1.0, np.nan], [3.0, 4.0]])',
      answer: { result: '[[1.0,null],[3.0,4.0]]' },
    },
    {
      name: 'datetime64 becomes ISO 8601, timedelta64 seconds, NaT null',
      script: python`
        import numpy as np

        def main():
            return [
                np.datetime64("2024-01-02"), np.datetime64("2024-01-02T03:04:05"), np.timedelta64(90, "s"),
                np.array(["2024-01-02", "NaT"], dtype="datetime64[D]"), np.array([1, 2], dtype="timedelta64[m]"),
            ]
      `,
      answer: { result: '["2024-01-02","2024-01-02T03:04:05",90.0,["2024-01-02",null],[60.0,120.0]]' },
    },
    {
      name: 'linear algebra',
      script: python`
        import numpy as np

        def main():
            a = np.array([[3.0, 1.0], [1.0, 2.0]])
            return {
                "solve": np.linalg.solve(a, np.array([9.0, 8.0])).round(9),
                "det": round(np.linalg.det(a), 9),
                "inv": (np.linalg.inv(a) @ a).round(9) + 0.0,
                "eig": sorted(np.linalg.eigvalsh(np.diag([2.0, 1.0])).tolist()),
                "norm": np.linalg.norm([3, 4]),
                "rank": np.linalg.matrix_rank(a),
                "svd": np.linalg.svd(np.diag([3.0, 2.0]))[1].round(9),
            }
      `,
      answer: {
        result:
          '{"solve":[2.0,3.0],"det":5.0,"inv":[[1.0,0.0],[0.0,1.0]],"eig":[1.0,2.0],"norm":5.0,"rank":2,"svd":[3.0,2.0]}',
      },
    },
    {
      name: 'seeded random numbers are the same everywhere',
      script: python`
        import numpy as np

        def main():
            rng = np.random.default_rng(42)
            np.random.seed(0)
            return [rng.random(2), rng.integers(0, 10, 3).size, np.random.rand(2), np.random.RandomState(1).randint(0, 100, 3)]
      `,
      answer: {
        result:
          '[[0.7739560485559633,0.4388784397520523],3,[0.5488135039273248,0.7151893663724195],[37,12,72]]',
      },
    },
    {
      name: 'broadcasting, indexing, aggregation and sorting',
      script: python`
        import numpy as np

        def main():
            a = np.arange(12).reshape(3, 4)
            return [
                a[a % 2 == 0], a.sum(axis=0), a[:, -1], (a - a.mean(axis=1, keepdims=True))[0], np.argsort([3, 1, 2]),
                np.where(a > 5, 1, 0)[1], np.unique([3, 1, 3], return_counts=True), np.cumsum([1, 2, 3]),
                np.percentile([1, 2, 3, 4], 50), np.clip([-1, 5], 0, 3),
            ]
      `,
      answer: {
        result:
          '[[0,2,4,6,8,10],[12,15,18,21],[3,7,11],[-1.5,-0.5,0.5,1.5],[1,2,0],[0,0,1,1],[[1,3],[1,2]],[1,3,6],2.5,[0,3]]',
      },
    },
    {
      name: 'structured arrays become lists of objects',
      script: python`
        import numpy as np

        def main():
            return np.array([(1, "a", 2.5)], dtype=[("n", "i4"), ("s", "U5"), ("f", "f8")])
      `,
      answer: { result: '[{"n":1,"s":"a","f":2.5}]' },
    },
    {
      name: 'numpy keys become their text',
      script:
        'import numpy as np\ndef main():\n    return {np.int64(2): "a", np.str_("b"): 2, np.bool_(True): 3, np.float32("nan"): 4, np.datetime64("2024-01-02"): 5}',
      answer: { result: '{"2":"a","b":2,"true":3,"NaN":4,"2024-01-02":5}' },
    },
    {
      name: 'complex numbers become text, in arrays too',
      script:
        'import numpy as np\ndef main():\n    return [np.array([[1, 2j]]), np.complex64(1.5 - 2j), np.complex128(1j)]',
      answer: { result: '[[["(1+0j)","2j"]],"(1.5-2j)","1j"]' },
    },
    {
      name: 'dtypes become text',
      script: 'import numpy as np\ndef main():\n    return [np.arange(2.0).dtype, np.dtype("M8[ns]")]',
      answer: { result: '["float64","datetime64[ns]"]' },
    },
    {
      name: 'a value without JSON form in an array is named by type and path',
      script: 'import numpy as np\ndef main():\n    return {"a": np.array([1, print], dtype=object)}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error:
          'Return value cannot become JSON: result["a"][1] is a builtin_function_or_method, which has no JSON form',
      },
    },
    {
      name: 'prints arrays as numpy prints them',
      script:
        'import numpy as np\ndef main():\n    print(np.array([[1.5, 2], [3, 4]]))\n    print(np.float64(2.0))',
      answer: { result: 'null', stdout: '[[1.5 2. ]\n [3.  4. ]]\n2.0\n' },
    },
    {
      name: 'a warning of numpy goes to stderr and the result is null',
      script: 'import numpy as np\ndef main():\n    return np.float64(1.0) / np.float64(0.0)',
      answer: {
        result: 'null',
        stderr:
          'script.py:3: RuntimeWarning: divide by zero encountered in scalar divide\n  return np.float64(1.0) / np.float64(0.0)\n',
      },
    },
  ],
};
