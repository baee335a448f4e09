import { type CorpusTheme, python } from './corpus-case';

export const LLM_WRITTEN: CorpusTheme = {
  theme: 'scripts as language models write them',
  cases: [
    {
      name: 'runs main() once where the script calls it under __name__ == "__main__"',
      script: python`
        def main():
            print("working")
            return {"status": "ok"}

        if __name__ == "__main__":
            main()
      `,
      answer: { result: '{"status":"ok"}', stdout: 'working\n' },
    },
    {
      name: 'runs a script that prints the result under __name__ == "__main__"',
      script: python`
        from typing import Dict, List, Optional

        def find_primes(limit: int) -> List[int]:
            """Return all primes up to limit using the sieve of Eratosthenes."""
            if limit < 2:
                return []
            sieve = [True] * (limit + 1)
            sieve[0] = sieve[1] = False
            for i in range(2, int(limit ** 0.5) + 1):
                if sieve[i]:
                    for j in range(i * i, limit + 1, i):
                        sieve[j] = False
            return [i for i, is_prime in enumerate(sieve) if is_prime]

        def main() -> Dict[str, Optional[List[int]]]:
            """Main entry point."""
            primes = find_primes(30)
            print(f"Found {len(primes)} primes")
            return {"primes": primes, "count": len(primes)}

        if __name__ == "__main__":
            result = main()
            print(result)
      `,
      answer: { result: '{"primes":[2,3,5,7,11,13,17,19,23,29],"count":10}', stdout: 'Found 10 primes\n' },
    },
    {
      name: 'analyses sales with pandas and prints a report',
      script: python`
        import pandas as pd
        import numpy as np

        def load_data() -> pd.DataFrame:
            return pd.DataFrame({
                "region": ["North", "South", "North", "East", "South", "East"],
                "product": ["A", "A", "B", "B", "B", "A"],
                "units": [10, 20, 15, 5, 25, 30],
                "price": [2.5, 2.5, 4.0, 4.0, 4.0, 2.5],
            })

        def main():
            df = load_data()
            df["revenue"] = df["units"] * df["price"]
            summary = (
                df.groupby("region")
                .agg(units=("units", "sum"), revenue=("revenue", "sum"))
                .sort_values("revenue", ascending=False)
                .reset_index()
            )
            print(summary.to_string(index=False))
            return {
                "top_region": summary.iloc[0]["region"],
                "total": df["revenue"].sum(),
                "mean_units": np.mean(df["units"]),
                "by_region": summary,
            }

        if __name__ == "__main__":
            main()
      `,
      answer: {
        result:
          '{"top_region":"South","total":330.0,"mean_units":17.5,"by_region":[{"region":"South","units":45,"revenue":150.0},' +
          '{"region":"East","units":35,"revenue":95.0},{"region":"North","units":25,"revenue":85.0}]}',
        stdout:
          'region  units  revenue\n South     45    150.0\n  East     35     95.0\n North     25     85.0\n',
      },
    },
    {
      name: 'fits a line with numpy',
      script: python`
        import numpy as np

        def main():
            x = np.array([0.0, 1.0, 2.0, 3.0])
            y = 2.0 * x + 1.0
            slope, intercept = np.polyfit(x, y, 1)
            residual = y - (slope * x + intercept)
            return {
                "slope": round(float(slope), 6),
                "intercept": round(intercept, 6),
                "perfect": bool(np.allclose(residual, 0)),
                "n": x.size,
            }
      `,
      answer: { result: '{"slope":2.0,"intercept":1.0,"perfect":true,"n":4}' },
    },
    {
      name: 'counts words with a regular expression and Counter',
      script: python`
        import re
        from collections import Counter

        TEXT = """The quick brown fox jumps over the lazy dog.
        The dog sleeps; the fox runs."""

        def tokenize(text: str) -> list[str]:
            return re.findall(r"[a-z']+", text.lower())

        def main() -> dict:
            counts = Counter(tokenize(TEXT))
            return {"top": counts.most_common(3), "unique": len(counts)}
      `,
      answer: { result: '{"top":[["the",4],["fox",2],["dog",2]],"unique":10}' },
    },
    {
      name: 'reports handled failures as data',
      script: python`
        import json
        import traceback

        def process(item):
            return {"ok": 100 / item}

        def main():
            results = []
            for item in [1, 0, "x"]:
                try:
                    results.append(process(item))
                except (ZeroDivisionError, TypeError) as exc:
                    results.append({"error": type(exc).__name__, "last": traceback.format_exc().splitlines()[-1]})
            print(json.dumps(results, indent=2)[:1])
            return results
      `,
      answer: {
        result:
          '[{"ok":100.0},{"error":"ZeroDivisionError","last":"ZeroDivisionError: division by zero"},' +
          `{"error":"TypeError","last":"TypeError: unsupported operand type(s) for /: 'int' and 'str'"}]`,
        stdout: '[\n',
      },
    },
    {
      name: 'simulates a queue with dataclasses, enums and heapq',
      script: python`
        from __future__ import annotations
        import heapq
        from dataclasses import dataclass, field, asdict
        from enum import Enum, auto

        class Priority(Enum):
            HIGH = auto()
            LOW = auto()

        @dataclass(order=True)
        class Task:
            rank: int
            name: str = field(compare=False)
            priority: Priority = field(compare=False, default=Priority.LOW)

        def main():
            heap: list[Task] = []
            for task in (Task(3, "c"), Task(1, "a", Priority.HIGH), Task(2, "b")):
                heapq.heappush(heap, task)
            first = heapq.heappop(heap)
            return {"first": first, "rest": sorted(t.name for t in heap), "dict": asdict(Task(9, "z"))}
      `,
      answer: {
        result:
          '{"first":{"rank":1,"name":"a","priority":1},"rest":["b","c"],"dict":{"rank":9,"name":"z","priority":2}}',
      },
    },
  ],
};
