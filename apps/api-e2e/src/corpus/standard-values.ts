import { type CorpusTheme, python } from './corpus-case';

export const STANDARD_VALUES: CorpusTheme = {
  theme: 'what becomes of less usual values of the standard library',
  cases: [
    {
      name: 'range, deque, array and UserList become lists',
      script: python`
        from array import array
        from collections import UserList, deque

        def main():
            return [range(5), range(5, 0, -2), deque([1, {2}], maxlen=3), array("i", [1, 2]), array("d", [0.5, float("nan")]), UserList("ab")]
      `,
      answer: { result: '[[0,1,2,3,4],[5,3,1],[1,[2]],[1,2],[0.5,null],["a","b"]]' },
    },
    {
      name: 'views of a dict become lists in its order',
      script:
        'def main():\n    d = {"b": 1, "a": {2}}\n    return {"k": d.keys(), "v": d.values(), "i": d.items()}',
      answer: { result: '{"k":["b","a"],"v":[1,[2]],"i":[["b",1],["a",[2]]]}' },
    },
    {
      name: 'mappings and namespaces become objects',
      script: python`
        from argparse import Namespace
        from collections import ChainMap, UserDict
        from types import MappingProxyType, SimpleNamespace

        def main():
            return {
                "m": MappingProxyType({"a": 1}), "c": ChainMap({"x": 1}, {"y": 2}), "u": UserDict(z=3),
                "s": SimpleNamespace(a=1, b=[2]), "n": Namespace(verbose=True),
            }
      `,
      answer: {
        result: '{"m":{"a":1},"c":{"y":2,"x":1},"u":{"z":3},"s":{"a":1,"b":[2]},"n":{"verbose":true}}',
      },
    },
    {
      name: 'a mapping and a sequence of the script become an object and a list',
      script: python`
        from collections.abc import Mapping, Sequence

        class One(Mapping):
            def __len__(self): return 1
            def __iter__(self): return iter(["one"])
            def __getitem__(self, key): return 1

        class Squares(Sequence):
            def __len__(self): return 3
            def __getitem__(self, index): return range(3)[index] ** 2

        def main():
            return [One(), Squares()]
      `,
      answer: { result: '[{"one":1},[0,1,4]]' },
    },
    {
      name: 'addresses, networks and time zones become text',
      script: python`
        import ipaddress
        from datetime import timedelta, timezone
        from zoneinfo import ZoneInfo

        def main():
            return [
                ipaddress.ip_address("10.0.0.1"), ipaddress.ip_address("::1"), ipaddress.ip_network("10.0.0.0/8"),
                timezone.utc, timezone(timedelta(hours=2)), ZoneInfo("Asia/Tokyo"),
            ]
      `,
      answer: { result: '["10.0.0.1","::1","10.0.0.0/8","UTC","UTC+02:00","Asia/Tokyo"]' },
    },
    {
      name: 'rows of sqlite3 become objects',
      script: python`
        import sqlite3

        def main():
            with sqlite3.connect(":memory:") as db:
                db.row_factory = sqlite3.Row
                return db.execute("select 1 a, 'x' b, null c").fetchall()
      `,
      answer: { result: '[{"a":1,"b":"x","c":null}]' },
    },
    {
      name: 'two columns of one name in a row of sqlite3 are an error that names it',
      script: python`
        import sqlite3

        def main():
            db = sqlite3.connect(":memory:")
            db.row_factory = sqlite3.Row
            return db.execute("select 1 a, 2 a").fetchone()
      `,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: 'Return value cannot become JSON: result has two keys that are both "a" in JSON',
      },
    },
    {
      name: 'views of bytes and a UserString become text',
      script:
        'from collections import UserString\ndef main():\n    return [memoryview("é".encode()), UserString("a")]',
      answer: { result: '["é","a"]' },
    },
    {
      name: 'fractions, complex numbers and zones become text',
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
  ],
};
