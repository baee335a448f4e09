import type { ExampleGroup } from './example';

export const DATA: ExampleGroup = {
  title: 'Data',
  examples: [
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
    season = 1 + 0.5 * np.sin((days.dayofyear - 80) / 366 * 2 * np.pi)
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
