import { type CorpusTheme, python } from './corpus-case';

export const TIME_AND_NUMBERS: CorpusTheme = {
  theme: 'the standard library: time, numbers, digests',
  cases: [
    {
      name: 'datetime: arithmetic, parsing, formatting',
      script: python`
        from datetime import date, datetime, timedelta, timezone

        def main():
            start = datetime(2024, 2, 28, 23, 30)
            return [
                start + timedelta(hours=1),
                (date(2024, 3, 1) - date(2024, 2, 1)).days,
                datetime.strptime("31/12/2023", "%d/%m/%Y").strftime("%A %Y-%j"),
                datetime.fromisoformat("2024-05-06T07:08:09+02:00").astimezone(timezone.utc),
                datetime.fromtimestamp(0, timezone.utc).isoformat(),
                date(2024, 12, 30).isocalendar().week,
            ]
      `,
      answer: {
        result:
          '["2024-02-29T00:30:00",29,"Sunday 2023-365","2024-05-06T05:08:09+00:00","1970-01-01T00:00:00+00:00",1]',
      },
    },
    {
      name: 'zoneinfo: knows time zones and daylight saving',
      script: python`
        from datetime import datetime
        from zoneinfo import ZoneInfo

        def main():
            summer = datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin"))
            winter = datetime(2024, 1, 1, 12, tzinfo=ZoneInfo("America/New_York"))
            return [summer, winter.utcoffset(), summer.astimezone(ZoneInfo("Asia/Tokyo")).hour, summer.tzname()]
      `,
      answer: { result: '["2024-07-01T12:00:00+02:00",-18000.0,19,"CEST"]' },
    },
    {
      name: 'calendar and time work, in UTC',
      script: python`
        import calendar
        import time

        def main():
            before = time.perf_counter()
            time.sleep(0.01)
            return [
                calendar.monthrange(2024, 2), calendar.isleap(1900),
                time.strftime("%Y-%m-%d %H", time.gmtime(86400)),
                time.perf_counter() - before >= 0.01,
                time.time() > 1.7e9,
            ]
      `,
      answer: { result: '[[3,29],false,"1970-01-02 00",true,true]' },
    },
    {
      name: 'decimal and fractions keep their exact values',
      script: python`
        from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext
        from fractions import Fraction

        def main():
            with localcontext() as context:
                context.prec = 50
                third = Decimal(1) / Decimal(3)
            return [
                Decimal("0.1") + Decimal("0.2"),
                third,
                Decimal("2.675").quantize(Decimal("0.01"), ROUND_HALF_UP),
                str(Fraction(1, 3) + Fraction(1, 6)),
                float(Fraction("3/8")),
                Fraction(0.5).numerator,
            ]
      `,
      answer: {
        result: `["0.3","0.${'3'.repeat(50)}","2.68","1/2",0.375,1]`,
      },
    },
    {
      name: 'statistics, math and cmath',
      script: python`
        import cmath
        import math
        import statistics as st

        def main():
            data = [2, 4, 4, 4, 5, 5, 7, 9]
            return [
                st.mean(data), st.median(data), st.mode(data), st.pstdev(data), st.quantiles(data, n=4),
                math.factorial(20), math.comb(50, 25), math.gcd(84, 36), math.isqrt(10**20), math.hypot(3, 4),
                round(math.pi, 10), abs(cmath.sqrt(-4)), math.prod([1, 2, 3]), math.fsum([0.1] * 10),
            ]
      `,
      answer: {
        result:
          '[5,4.5,4,2.0,[4.0,4.5,6.5],2432902008176640000,126410606437752,12,10000000000,5.0,3.1415926536,2.0,6,1.0]',
      },
    },
    {
      name: 'random with a seed gives the same numbers everywhere',
      script: python`
        import random

        def main():
            random.seed(42)
            own = random.Random("seed")
            return [
                [random.randint(1, 100) for _ in range(5)],
                random.random(),
                random.sample(range(10), 3),
                own.choice("abc") in "abc",
                random.shuffle([1]),
            ]
      `,
      answer: { result: '[[82,15,4,95,36],0.24489185380347622,[2,1,8],true,null]' },
    },
    {
      name: 'random, secrets and uuid4 need no seed',
      script: python`
        import random, secrets, uuid

        def main():
            return [len({random.random() for _ in range(100)}), len(secrets.token_hex(8)), uuid.uuid4().version]
      `,
      answer: { result: '[100,16,4]' },
    },
    {
      name: 'hashlib, hmac, base64, zlib, binascii and struct',
      script: python`
        import base64, binascii, hashlib, hmac, struct, zlib

        def main():
            return [
                hashlib.sha256(b"abc").hexdigest(),
                hashlib.md5(b"abc").hexdigest(),
                hmac.new(b"key", b"message", "sha256").hexdigest()[:16],
                base64.b64encode(b"hello \xff"),
                base64.urlsafe_b64decode("_-8=").hex(),
                zlib.decompress(zlib.compress(b"x" * 1000)) == b"x" * 1000,
                zlib.crc32(b"abc"), binascii.hexlify(b"\x00\xff"),
                struct.unpack("<Hh", struct.pack("<Hh", 65535, -2)),
            ]
      `,
      answer: {
        result:
          '["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","900150983cd24fb0d6963f7d28e17f72",' +
          '"6e9ef29b75fffc5b","aGVsbG8g/w==","ffef",true,891568578,"00ff",[65535,-2]]',
      },
    },
    {
      name: 'uuid5 is the same everywhere',
      script: 'import uuid\ndef main():\n    return uuid.uuid5(uuid.NAMESPACE_DNS, "python.org")',
      answer: { result: '"886313e1-3b8a-5372-9b90-0c9aee199e5d"' },
    },
    {
      name: 'lzma, bz2 and gzip compress in memory',
      script: python`
        import bz2, gzip, lzma

        def main():
            data = b"pycell " * 100
            return [m.decompress(m.compress(data)) == data for m in (bz2, gzip, lzma)]
      `,
      answer: { result: '[true,true,true]' },
    },
    {
      name: 'sqlite3 works in memory',
      script: python`
        import sqlite3

        def main():
            with sqlite3.connect(":memory:") as db:
                db.execute("create table t (name text, n integer)")
                db.executemany("insert into t values (?, ?)", [("a", 1), ("b", 2), ("a", 3)])
                rows = db.execute("select name, sum(n) from t group by name order by name").fetchall()
            return rows
      `,
      answer: { result: '[["a",4],["b",2]]' },
    },
    {
      name: 'a file written under the current folder can be read back',
      script: python`
        import pathlib, tempfile

        def main():
            path = pathlib.Path("notes.txt")
            path.write_text("first\nsecond\n", encoding="utf-8")
            with tempfile.TemporaryDirectory() as folder:
                (pathlib.Path(folder) / "a.bin").write_bytes(b"\x00" * 10)
                sizes = [p.stat().st_size for p in pathlib.Path(folder).iterdir()]
            return [path.read_text().splitlines(), sizes]
      `,
      answer: { result: '[["first","second"],[10]]' },
      insideGvisor: {
        answer: {
          code: 'SCRIPT_ERROR',
          error: "PermissionError: [Errno 13] Permission denied: 'notes.txt' (line 5)",
          line: 5,
          column: 'any',
        },
        reason: 'there is no file system of its own for a run, so it can write no file',
      },
    },
  ],
};
