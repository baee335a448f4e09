import { PLAIN_SETUP } from '../script/run-setup';
import type { ExampleGroup } from './example';

const TEMPERATURES = `day,oslo,bergen
2024-06-01,14.2,12.8
2024-06-02,17.9,13.1
2024-06-03,21.4,15.6
2024-06-04,19.8,16.2
2024-06-05,16.3,14.9
2024-06-06,18.7,13.7
2024-06-07,22.1,17.4
`;

export const GIVEN: ExampleGroup = {
  title: 'Inputs, files and figures',
  examples: [
    {
      id: 'inputs',
      title: 'Inputs',
      sentence: 'The parameters of main become a form, with a field for each type.',
      expected: 'RESULT',
      script: `# Inputs: a loan, paid back in equal instalments
from datetime import date
from typing import Literal


def main(
    amount: float,
    years: int = 10,
    rate: float = 3.5,
    start: date = None,
    interval: Literal["month", "quarter", "year"] = "month",
):
    """The instalments of a loan."""
    per_year = {"month": 12, "quarter": 4, "year": 1}[interval]
    count, step = years * per_year, rate / 100 / per_year
    instalment = amount * step / (1 - (1 + step) ** -count) if step else amount / count
    return {
        "instalment": round(instalment, 2),
        "instalments": count,
        "interest": round(instalment * count - amount, 2),
        "from": start or date.today(),
    }
`,
      setup: {
        ...PLAIN_SETUP,
        inputs: {
          view: 'form',
          entries: {
            amount: { kind: 'number', text: '250000' },
            years: { kind: 'integer', text: '20' },
          },
          json: '',
        },
      },
    },
    {
      id: 'figure',
      title: 'Figure',
      sentence: 'A figure that matplotlib leaves open is shown beside the result.',
      expected: 'RESULT',
      script: `# Figure: a wave that fades
import matplotlib.pyplot as plt
import numpy as np


def main(damping: float = 0.3):
    time = np.linspace(0, 10, 400)
    wave = np.exp(-damping * time) * np.cos(2 * np.pi * time)
    plt.figure(figsize=(7, 3.6))
    plt.plot(time, wave)
    plt.plot(time, np.exp(-damping * time), linestyle="--")
    plt.xlabel("time, s")
    plt.title(f"Damping {damping}")
    plt.tight_layout()
`,
    },
    {
      id: 'files',
      title: 'Files in and out',
      sentence: 'An attached CSV is read with pandas, and a report is left in the folder for output.',
      expected: 'RESULT',
      script: `# Files in and out: a CSV is read, a report is written
from pathlib import Path

import pandas as pd


def main():
    table = pd.read_csv("temperatures.csv", parse_dates=["day"])
    table["difference"] = (table["oslo"] - table["bergen"]).round(1)
    table.to_csv("output/report.csv", index=False)
    warmest = table.loc[table["oslo"].idxmax()]
    Path("output/summary.txt").write_text(
        f"The warmest day in Oslo was {warmest['day']:%d %B}, with {warmest['oslo']} degrees.\\n"
    )
    return table.describe()
`,
      setup: {
        ...PLAIN_SETUP,
        files: [
          {
            id: 'example-temperatures',
            name: 'temperatures.csv',
            sizeBytes: TEMPERATURES.length,
            content: { text: TEMPERATURES },
          },
        ],
      },
    },
  ],
};
