import type { ExampleGroup } from './example';

export const DATA: ExampleGroup = {
  title: 'Data',
  examples: [
    {
      id: 'dates',
      title: 'JSON and dates',
      sentence: 'Dates, decimals, sets and dataclasses become JSON without any code for it.',
      expected: 'RESULT',
      script: `# JSON and dates: what becomes of Python's types
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal


@dataclass
class Invoice:
    number: int
    issued: date
    total: Decimal
    tags: set


def main():
    order = json.loads('{"number": 1042, "total": "129.90", "tags": ["paid", "express"]}')
    issued = date(2024, 2, 28)
    return {
        "invoice": Invoice(order["number"], issued, Decimal(order["total"]), set(order["tags"])),
        "due": issued + timedelta(days=30),
        "leap day is next": issued + timedelta(days=1),
        "meeting": datetime(2024, 2, 28, 14, 30, tzinfo=timezone.utc),
        "length in seconds": timedelta(hours=1, minutes=15),
    }
`,
    },
    {
      id: 'numpy',
      title: 'NumPy',
      sentence: 'Arrays and linear algebra: a line fitted to noisy measurements.',
      expected: 'RESULT',
      script: `# NumPy: a line through noisy measurements
import numpy as np


def main():
    rng = np.random.default_rng(42)
    x = np.linspace(0, 10, 41)
    y = 2.5 * x + 1.0 + rng.normal(scale=1.2, size=x.size)
    slope, intercept = np.linalg.lstsq(np.column_stack([x, np.ones_like(x)]), y, rcond=None)[0]
    print(f"y = {slope:.3f} x + {intercept:.3f}")
    fitted = slope * x + intercept
    return [
        {"x": a, "measured": b, "fitted": c}
        for a, b, c in zip(x.round(2), y.round(3), fitted.round(3))
    ]
`,
    },
    {
      id: 'pandas',
      title: 'pandas',
      sentence: 'A grouped DataFrame comes back as a table to sort, to chart and to download.',
      expected: 'RESULT',
      script: `# pandas: sales grouped by month
import numpy as np
import pandas as pd


def main():
    rng = np.random.default_rng(1)
    days = pd.date_range("2024-01-01", "2024-12-31")
    season = 1 + 0.5 * np.sin((days.day_of_year - 80) / 366 * 2 * np.pi)
    sales = pd.DataFrame({
        "month": days.strftime("%Y-%m"),
        "books": rng.poisson(40 * season),
        "games": rng.poisson(25 / season),
    })
    table = sales.groupby("month", as_index=False).sum()
    table["revenue"] = (table["books"] * 14.9 + table["games"] * 39.5).round(2)
    print(table.describe().round(1))
    return table
`,
    },
  ],
};
