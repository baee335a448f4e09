import { type CorpusTheme, python } from './corpus-case';

const NOT_SERIALIZABLE = 'Return value cannot become JSON: ';

export const CONVERSION: CorpusTheme = {
  theme: 'what becomes of a return value',
  cases: [
    {
      name: 'JSON types, tuples and subclasses of dict and list',
      script: python`
        from collections import OrderedDict, namedtuple

        class Bag(list): pass

        def main():
            P = namedtuple("P", "x y")
            return {"d": OrderedDict(z=1, a=2), "t": (1, (2,)), "n": P(1, 2), "l": Bag([1]), "e": [{}, [], ()]}
      `,
      answer: { result: '{"d":{"z":1,"a":2},"t":[1,[2]],"n":[1,2],"l":[1],"e":[{},[],[]]}' },
    },
    {
      name: 'datetime, date, time and time zones become ISO 8601',
      script: python`
        from datetime import date, datetime, time, timedelta, timezone

        def main():
            zone = timezone(timedelta(hours=5, minutes=30))
            return [
                datetime(2024, 1, 2, 3, 4, 5), datetime(2024, 1, 2, 3, 4, 5, 678), date(2024, 1, 2), time(3, 4),
                datetime(2024, 1, 2, tzinfo=timezone.utc), datetime(2024, 1, 2, tzinfo=zone),
            ]
      `,
      answer: {
        result:
          '["2024-01-02T03:04:05","2024-01-02T03:04:05.000678","2024-01-02","03:04:00",' +
          '"2024-01-02T00:00:00+00:00","2024-01-02T00:00:00+05:30"]',
      },
    },
    {
      name: 'timedelta becomes seconds',
      script: python`
        from datetime import timedelta

        def main():
            return [timedelta(minutes=1.5), timedelta(days=-1), timedelta(milliseconds=1)]
      `,
      answer: { result: '[90.0,-86400.0,0.001]' },
    },
    {
      name: 'Decimal, UUID and Path become strings',
      script: python`
        from decimal import Decimal
        from pathlib import Path, PureWindowsPath
        from uuid import UUID

        def main():
            return [Decimal("1.10"), Decimal("1E+30"), UUID(int=1), Path("/a") / "b", PureWindowsPath("c:/x")]
      `,
      answer: {
        result: String.raw`["1.10","1E+30","00000000-0000-0000-0000-000000000001","/a/b","c:\\x"]`,
      },
    },
    {
      name: 'a Decimal that is NaN or infinite becomes null',
      script:
        'from decimal import Decimal\ndef main():\n    return [Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN")]',
      answer: { result: '[null,null,null]' },
    },
    {
      name: 'set and frozenset become lists, sorted',
      script: 'def main():\n    return [{3, 1, 2}, frozenset("cab"), {(2, 1), (1, 2)}, set()]',
      answer: { result: '[[1,2,3],["a","b","c"],[[1,2],[2,1]],[]]' },
    },
    {
      name: 'a set that cannot be sorted becomes a list in any order',
      script: 'def main():\n    return {1, "a"}',
      answer: { result: /^(\[1,"a"\]|\["a",1\])$/ },
    },
    {
      name: 'dataclasses become objects, nested ones too',
      script: python`
        from dataclasses import dataclass, field
        from datetime import date

        @dataclass
        class Item:
            name: str
            when: date

        @dataclass(slots=True)
        class Order:
            items: list
            note: "str | None" = None
            hidden: int = field(default=7, repr=False)

        def main():
            return Order([Item("a", date(2024, 1, 2))])
      `,
      answer: { result: '{"items":[{"name":"a","when":"2024-01-02"}],"note":null,"hidden":7}' },
    },
    {
      name: 'an Enum becomes its value, whatever that is',
      script: python`
        from enum import Enum, IntEnum, IntFlag
        from datetime import date

        class A(Enum):
            X = "x"
            Y = (1, 2)
            Z = date(2024, 1, 2)
        class B(IntEnum):
            ONE = 1
        class C(str, Enum):
            S = "s"
        class D(IntFlag):
            R = 4

        def main():
            return [A.X, A.Y, A.Z, B.ONE, C.S, D.R | 1]
      `,
      answer: { result: '["x",[1,2],"2024-01-02",1,"s",5]' },
    },
    {
      name: 'bytes become UTF-8 text',
      script: 'def main():\n    return [b"abc", "é".encode(), bytearray(b"xyz"), b""]',
      answer: { result: '["abc","é","xyz",""]' },
    },
    {
      name: 'bytes that are not UTF-8 are an error that names the path',
      script: 'def main():\n    return {"image": [b"ok", b"\\x89PNG"]}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\["image"\]\[1\] is .*bytes.* not UTF-8/,
      },
    },
    {
      name: 'keys that are not strings are written as json writes them, or as the value is',
      script: python`
        from datetime import date
        from uuid import UUID

        def main():
            return {1: "int", 2.5: "float", True and 7: "seven", None: "none", date(2024, 1, 2): "date", UUID(int=2): 0, False: 1}
      `,
      answer: {
        result:
          '{"1":"int","2.5":"float","7":"seven","null":"none","2024-01-02":"date","00000000-0000-0000-0000-000000000002":0,"false":1}',
      },
    },
    {
      name: 'keys that are no finite numbers are written as json writes them',
      script:
        'def main():\n    return {True: 3, 1.5: 2, float("inf"): 4, -float("inf"): 5, float("nan"): 6, 1e22: 7, -0.0: 8}',
      answer: { result: '{"true":3,"1.5":2,"Infinity":4,"-Infinity":5,"NaN":6,"1e+22":7,"-0.0":8}' },
    },
    {
      name: 'moments, spans, decimals and members of an Enum are the same as keys and as values',
      script: python`
        from datetime import datetime, timedelta, timezone
        from decimal import Decimal
        from enum import Enum, IntEnum

        class Colour(Enum):
            RED = "red"
            PAIR = (1, 2)
        class Level(IntEnum):
            LOW = 1

        def main():
            moment = datetime(2024, 1, 2, 3, 4, tzinfo=timezone.utc)
            keys = [moment, timedelta(minutes=1.5), Decimal("1.10"), b"bytes", Level.LOW, Colour.RED]
            return [dict.fromkeys(keys), keys, {Colour.PAIR: 0, frozenset({1}): 1}]
      `,
      answer: {
        result:
          '[{"2024-01-02T03:04:00+00:00":null,"90.0":null,"1.10":null,"bytes":null,"1":null,"red":null},' +
          '["2024-01-02T03:04:00+00:00",90.0,"1.10","bytes",1,"red"],{"Colour.PAIR":0,"frozenset({1})":1}]',
      },
    },
    {
      name: 'a tuple as a key is an error that names it',
      script: 'def main():\n    return {"grid": {(0, 1): "x"}}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\["grid"\] .*tuple.*\(0, 1\)/,
      },
    },
    {
      name: 'two keys that become the same string are an error, not a lost value',
      script: 'def main():\n    return {1: "a", "1": "b"}',
      answer: { code: 'RESULT_NOT_SERIALIZABLE', error: /^Return value cannot become JSON: result .*"1"/ },
    },
    {
      name: 'the same object twice is no cycle',
      script: 'def main():\n    shared = [1]\n    return {"a": shared, "b": [shared, shared]}',
      answer: { result: '{"a":[1],"b":[[1],[1]]}' },
    },
    {
      name: 'a value that contains itself is an error that names the path',
      script: 'def main():\n    data = {"list": []}\n    data["list"].append(data)\n    return data',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result["list"][0] contains itself`,
      },
    },
    {
      name: 'nesting of 200 levels is returned',
      script:
        'def main():\n    value = 1\n    for _ in range(200):\n        value = [value]\n    return value',
      answer: { result: `${'['.repeat(200)}1${']'.repeat(200)}` },
    },
    {
      name: 'nesting of 201 levels is an error with a short path, also for 100,000 levels',
      script: python`
        def main():
            value = 1
            for _ in range(100_000):
                value = {"k": value}
            return value
      `,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result["k"]["k"]["k"]["k"]["k"]["k"]...["k"]["k"]["k"] nests deeper than 200 levels`,
      },
    },
    {
      name: 'a function is not serializable; type and path are named',
      script: 'def main():\n    return {"handlers": [None, main]}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result["handlers"][1] is a function, which has no JSON form`,
      },
    },
    {
      name: 'a main that yields returns a generator, which is not serializable',
      script: 'def main():\n    for i in range(3):\n        yield i',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result is a generator, which has no JSON form`,
      },
    },
    {
      name: 'an exception is not serializable, nor is an iterator',
      script: 'def main():\n    return {"zip": [zip([1], "a")], "error": ValueError("no")}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result["zip"][0] is a zip, which has no JSON form`,
      },
    },
    {
      name: 'an object of the script is not serializable',
      script: 'class Robot:\n    pass\n\ndef main():\n    return [1, {"r": Robot()}]',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result[1]["r"] is a Robot, which has no JSON form`,
      },
    },
    {
      name: 'output before an unserializable result is kept',
      script: 'def main():\n    print("before")\n    return (n for n in [])',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: `${NOT_SERIALIZABLE}result is a generator, which has no JSON form`,
        stdout: 'before\n',
      },
    },
    {
      name: 'an object whose attributes raise while it is read is an error, not a crash',
      script: python`
        from dataclasses import dataclass

        @dataclass
        class Bad:
            x: int
            def __getattribute__(self, name):
                raise RuntimeError("no")

        def main():
            return [Bad.__new__(Bad)]
      `,
      answer: { code: 'RESULT_NOT_SERIALIZABLE', error: /RuntimeError/ },
    },
    {
      name: 'a class is not serializable, even that of a dataclass or an Enum',
      script: 'from enum import Enum\nclass E(Enum):\n    A = 1\ndef main():\n    return {"kind": E}',
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /^Return value cannot become JSON: result\["kind"\] is an? /,
      },
    },
  ],
};
