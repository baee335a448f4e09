import { type CorpusTheme, python } from './corpus-case';

export const COLLECTIONS_AND_TEXT: CorpusTheme = {
  theme: 'the standard library: collections and text',
  cases: [
    {
      name: 'collections: Counter, defaultdict, deque, OrderedDict, namedtuple, ChainMap',
      script: python`
        from collections import ChainMap, Counter, OrderedDict, defaultdict, deque, namedtuple

        Point = namedtuple("Point", "x y")

        def main():
            groups = defaultdict(list)
            for word in ["apple", "avocado", "bean"]:
                groups[word[0]].append(word)
            queue = deque([1, 2, 3], maxlen=3)
            queue.append(4)
            ordered = OrderedDict(b=1, a=2)
            ordered.move_to_end("b")
            return {
                "counter": Counter("hello"),
                "groups": groups,
                "queue": list(queue),
                "ordered": ordered,
                "point": Point(1, 2)._asdict(),
                "chain": ChainMap({"a": 1}, {"a": 2, "b": 3})["b"],
            }
      `,
      answer: {
        result:
          '{"counter":{"h":1,"e":1,"l":2,"o":1},"groups":{"a":["apple","avocado"],"b":["bean"]},"queue":[2,3,4],' +
          '"ordered":{"a":2,"b":1},"point":{"x":1,"y":2},"chain":3}',
      },
    },
    {
      name: 'itertools: chain, groupby, product, combinations, accumulate, islice, zip_longest',
      script: python`
        import itertools as it
        import operator

        def main():
            return [
                list(it.chain([1], (2, 3))),
                [[k, len(list(g))] for k, g in it.groupby("aabccc")],
                list(it.product("ab", repeat=2)),
                list(it.combinations(range(4), 3)),
                list(it.accumulate([1, 2, 3, 4], operator.mul)),
                list(it.islice(it.count(10, 5), 3)),
                list(it.zip_longest([1], [2, 3], fillvalue=0)),
                list(it.pairwise("abc")),
            ]
      `,
      answer: {
        result:
          '[[1,2,3],[["a",2],["b",1],["c",3]],[["a","a"],["a","b"],["b","a"],["b","b"]],' +
          '[[0,1,2],[0,1,3],[0,2,3],[1,2,3]],[1,2,6,24],[10,15,20],[[1,2],[0,3]],[["a","b"],["b","c"]]]',
      },
    },
    {
      name: 'functools: lru_cache, reduce, partial, singledispatch, cached_property',
      script: python`
        import functools

        @functools.lru_cache(maxsize=None)
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)

        @functools.singledispatch
        def kind(value):
            return "object"

        @kind.register
        def _(value: int):
            return "int"

        class Circle:
            @functools.cached_property
            def area(self):
                print("computed")
                return 3

        def main():
            circle = Circle()
            return [
                fib(90),
                functools.reduce(lambda a, b: a * b, range(1, 6)),
                functools.partial(pow, 2)(10),
                kind(1), kind("x"),
                circle.area + circle.area,
                fib.cache_info().misses,
            ]
      `,
      answer: { result: '[2880067194370816120,120,1024,"int","object",6,91]', stdout: 'computed\n' },
    },
    {
      name: 're: groups, substitution, flags, named groups',
      script: python`
        import re

        DATE = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")

        def main():
            text = "from 2024-01-31 to 2025-12-01"
            return {
                "all": DATE.findall(text),
                "first": DATE.search(text).groupdict(),
                "sub": DATE.sub(r"\g<day>.\g<month>.\g<year>", text),
                "split": re.split(r"[,;]\s*", "a, b;c"),
                "flags": bool(re.fullmatch("ABC", "abc", re.I)),
                "verbose": re.sub(r"(?x) ( \s+ )  # spaces", "_", "a  b"),
            }
      `,
      answer: {
        result:
          '{"all":[["2024","01","31"],["2025","12","01"]],"first":{"year":"2024","month":"01","day":"31"},' +
          '"sub":"from 31.01.2024 to 01.12.2025","split":["a","b","c"],"flags":true,"verbose":"a_b"}',
      },
    },
    {
      name: 'json: loads, dumps, object hooks',
      script: python`
        import json

        def main():
            data = json.loads('{"b": [1, 2.5, null, true], "a": {"é": "\\u00e9"}}')
            return [data, json.dumps(data, sort_keys=True), json.dumps("é", ensure_ascii=False)]
      `,
      answer: {
        result: String.raw`[{"b":[1,2.5,null,true],"a":{"é":"é"}},"{\"a\": {\"\\u00e9\": \"\\u00e9\"}, \"b\": [1, 2.5, null, true]}","\"é\""]`,
      },
    },
    {
      name: 'csv and io: reads and writes in memory',
      script: python`
        import csv
        import io

        def main():
            source = io.StringIO('name,age\n"Smith, J",42\nDoe,7\n')
            rows = list(csv.DictReader(source))
            target = io.StringIO()
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(["a", 'quote "q"', 1.5])
            return [rows, target.getvalue(), io.BytesIO(b"abc").read(2)]
      `,
      answer: {
        result: String.raw`[[{"name":"Smith, J","age":"42"},{"name":"Doe","age":"7"}],"a,\"quote \"\"q\"\"\",1.5\n","ab"]`,
      },
    },
    {
      name: 'textwrap, string and difflib',
      script: python`
        import difflib
        import string
        import textwrap

        def main():
            return [
                textwrap.fill("The quick brown fox jumps", 10),
                textwrap.dedent("  a\n    b"),
                textwrap.shorten("one two three four", 12, placeholder="..."),
                string.Template("$who likes $what").substitute(who="tim", what="kung"),
                string.ascii_lowercase[:3] + string.digits[-2:],
                string.capwords("hello big world"),
                difflib.get_close_matches("appel", ["ape", "apple", "peach"]),
                list(difflib.unified_diff(["a"], ["b"], lineterm=""))[-2:],
            ]
      `,
      answer: {
        result:
          '["The quick\\nbrown fox\\njumps","a\\n  b","one two...","tim likes kung","abc89","Hello Big World",["apple","ape"],["-a","+b"]]',
      },
    },
    {
      name: 'heapq, bisect and array',
      script: python`
        import array
        import bisect
        import heapq

        def main():
            values = [5, 1, 4, 2, 3]
            heap = list(values)
            heapq.heapify(heap)
            ordered = sorted(values)
            bisect.insort(ordered, 2.5)
            return [
                [heapq.heappop(heap) for _ in range(3)],
                heapq.nlargest(2, values),
                ordered,
                bisect.bisect_left(ordered, 4),
                list(array.array("i", [1, 2, 3])[::-1]),
                list(heapq.merge([1, 4], [2, 3])),
            ]
      `,
      answer: { result: '[[1,2,3],[5,4],[1,2,2.5,3,4,5],4,[3,2,1],[1,2,3,4]]' },
    },
    {
      name: 'dataclasses, enum and typing',
      script: python`
        from dataclasses import dataclass, field, replace
        from enum import Enum, Flag, IntEnum
        from typing import Generic, NamedTuple, TypedDict, TypeVar, get_type_hints

        T = TypeVar("T")

        class Color(Enum):
            RED = "red"
            BLUE = "blue"

        class Level(IntEnum):
            LOW = 1

        class Permission(Flag):
            R = 4
            W = 2

        @dataclass(frozen=True)
        class Box(Generic[T]):
            item: T
            tags: list[str] = field(default_factory=list)

        class Movie(TypedDict):
            title: str

        class Pair(NamedTuple):
            a: int
            b: int = 2

        def main():
            return [
                replace(Box(1), item=2),
                Color("red").name, Level.LOW + 1, (Permission.R | Permission.W).value,
                Movie(title="x"), Pair(1), sorted(get_type_hints(Movie)),
                [c.value for c in Color],
            ]
      `,
      answer: {
        result: '[{"item":2,"tags":[]},"RED",2,6,{"title":"x"},[1,2],["title"],["red","blue"]]',
      },
    },
    {
      name: 'pathlib, urllib.parse and html without touching files or the network',
      script: python`
        import html
        from pathlib import PurePosixPath
        from urllib.parse import parse_qs, quote, urljoin, urlsplit

        def main():
            path = PurePosixPath("/data") / "raw" / "file.tar.gz"
            return [
                path, path.suffixes, path.stem, path.parent.name, str(path.with_suffix(".zip")),
                path.is_relative_to("/data"),
                urlsplit("https://example.org:8080/a?b=1#c").port,
                parse_qs("a=1&a=2"), quote("a b/é"), urljoin("http://x/a/b", "../c"),
                html.escape("<a & b>"),
            ]
      `,
      answer: {
        result:
          '["/data/raw/file.tar.gz",[".tar",".gz"],"file.tar","raw","/data/raw/file.tar.zip",true,8080,{"a":["1","2"]},' +
          '"a%20b/%C3%A9","http://x/c","&lt;a &amp; b&gt;"]',
      },
    },
    {
      name: 'xml, configparser and pprint',
      script: python`
        import configparser
        import pprint
        import xml.etree.ElementTree as ET

        def main():
            root = ET.fromstring("<r><i n='1'>a</i><i n='2'>b</i></r>")
            config = configparser.ConfigParser()
            config.read_string("[main]\nkey = value\nn = 3\n")
            pprint.pprint({"b": 1, "a": [1, 2]})
            return [{e.get("n"): e.text for e in root.iter("i")}, dict(config["main"]), config.getint("main", "n")]
      `,
      answer: {
        result: '[{"1":"a","2":"b"},{"key":"value","n":"3"},3]',
        stdout: "{'a': [1, 2], 'b': 1}\n",
      },
    },
  ],
};
