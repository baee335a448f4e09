"""Scripts that a zygote executes before its first fork, so that its runs find done what all of them would do.

Used by preload.py only. They are data: nothing here is executed by itself.
"""

from __future__ import annotations

from typing import Final

HELLO: Final = 'def main():\n    print("Hello")\n    return {"message": "Hello", "items": [1, 2.5, None, True]}\n'
#: The usual first steps with a table. Each makes pandas and numpy import and set up something of their own.
TABLE: Final = """
import numpy as np
import pandas as pd

def main():
    frame = pd.DataFrame({"group": list("abcd") * 250, "value": np.arange(1000.0), "n": range(1000)})
    print(frame.head())
    print(frame["value"].describe())
    return frame.groupby("group")["value"].mean()
"""
MORE_TABLES: Final = """
import io
import numpy as np
import pandas as pd

def main():
    frame = pd.DataFrame({"k": list("abca"), "v": np.arange(4.0), "when": pd.date_range("2024-01-01", periods=4)})
    frame.to_csv(io.StringIO())
    pd.read_csv(io.StringIO("a,b\\n1,x\\n2,y\\n"))
    frame.merge(frame, on="k").sort_values("v_x").pivot_table(index="k", values="v_x", aggfunc="sum")
    frame.set_index("when")["v"].resample("2D").sum().rolling(2).mean()
    frame.groupby("k").agg({"v": ["sum", "mean"]}).reset_index()
    frame.query("k == 'a'")
    frame.info(buf=io.StringIO())
    str(frame.dtypes), frame.to_dict("records"), frame.to_json(), frame["k"].str.upper().value_counts()
    frame.describe(), frame.fillna(0), frame.apply(lambda row: row["v"], axis=1), pd.concat([frame, frame])
    np.linalg.inv(np.eye(3)), np.fft.fft(np.ones(8)), np.polyfit([1, 2, 3], [1, 2, 3], 1), np.corrcoef(np.eye(3))
    np.random.rand(2), np.random.default_rng(0).normal(size=3), repr(np.arange(3.0))
    return [frame, frame.set_index("when"), frame.groupby(["k", "when"]).agg({"v": ["sum"]})]
"""
#: The usual figure. It stays open: who executes this draws it, as a run does when its script has ended.
FIGURE: Final = """
import matplotlib.pyplot as plt

def main():
    plt.plot([1, 2, 3])
    plt.title("Title")
"""
#: The kinds of figures that people draw, and their parts: text, legends, dates, formulas, colours. Small, to be drawn fast.
MORE_FIGURES: Final = """
import datetime
import io
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

def main():
    days = [datetime.date(2024, 1, day) for day in range(1, 9)]
    frame = pd.DataFrame({"a": np.arange(8.0), "b": np.arange(8.0) ** 2}, index=pd.to_datetime(days))
    figure, axes = plt.subplots(2, 4, figsize=(4, 2), dpi=30)
    axes[0, 0].bar_label(axes[0, 0].bar(["a", "b"], [3, 1], label="bars", color="tab:orange"))
    axes[0, 0].legend()
    axes[0, 1].hist(np.arange(100.0) % 7, bins=7, edgecolor="black")
    axes[0, 1].annotate("here", (1, 10), (3, 5), arrowprops={"arrowstyle": "->"})
    points = axes[0, 2].scatter(np.arange(9.0), np.arange(9.0), c=np.arange(9.0), alpha=0.5, cmap="viridis")
    figure.colorbar(points, ax=axes[0, 2])
    axes[0, 3].plot(days, range(8), "o--", label="$x^2$")
    axes[0, 3].tick_params(axis="x", rotation=45)
    axes[0, 3].set(xlabel="day", ylabel=r"$\\alpha_1$", title="Dates")
    axes[0, 3].grid(True)
    axes[1, 0].pie([1, 2, 3], labels=["x", "y", "z"], autopct="%d%%")
    axes[1, 1].imshow(np.arange(16.0).reshape(4, 4))
    axes[1, 2].boxplot([[1, 2, 3, 9], [2, 3, 4, 5]])
    axes[1, 3].semilogy([1, 10, 100])
    axes[1, 3].fill_between([0, 1, 2], 1, [1, 10, 100], alpha=0.3)
    axes[1, 3].set_xticks([0, 1], ["one", "two"])
    axes[1, 3].axhline(50), axes[1, 3].text(0.1, 0.2, "text")
    figure.suptitle("Figures")
    figure.tight_layout()
    figure.savefig(io.BytesIO(), format="svg")
    plt.close(figure)
    figure, axes = plt.subplots(1, 3, figsize=(3, 1), dpi=30)
    frame.plot(ax=axes[0], title="Frame"), frame.plot.bar(ax=axes[1]), frame["a"].hist(ax=axes[2])
    plt.show()
"""
