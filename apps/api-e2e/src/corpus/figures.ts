import { python, type CorpusTheme } from './corpus-case';

const PNG = /^\ufffdPNG\r\n/;
const SVG = /^<\?xml[^]*<svg [^]*<\/svg>\s*$/;

/** What a script draws. In local mode and with a jail for each run matplotlib is imported by the run itself. */
export const FIGURES: CorpusTheme = {
  theme: 'figures',
  cases: [
    {
      name: 'that are left open come back as PNG, and showing them says nothing',
      script: python`
        import matplotlib.pyplot as plt
        def main():
            plt.plot([1, 2, 3])
            plt.title("Sales of 2026 in µ")
            plt.show()
            plt.figure()
            plt.bar(["a", "b"], [1, 2])
            plt.close(plt.figure())
            return plt.get_fignums()
      `,
      answer: {
        result: '[1, 2]',
        artifacts: [
          ['figure-1.png', PNG],
          ['figure-2.png', PNG],
        ],
      },
    },
    {
      name: 'are SVG where the script says so',
      script: python`
        import matplotlib.pyplot as plt
        plt.rcParams["savefig.format"] = "svg"
        def main():
            fig, axes = plt.subplots(1, 2, num=7)
            axes[0].hist([1, 2, 2, 3])
            axes[1].scatter([1, 2], [3, 4], label="$x^2$")
            axes[1].legend()
      `,
      answer: { result: 'null', artifacts: [['figure-7.svg', SVG]] },
    },
    {
      name: 'of pandas come back, by .plot and by .hist',
      script: python`
        import pandas as pd
        def main():
            frame = pd.DataFrame({"x": [1, 2, 3], "day": pd.date_range("2026-01-01", periods=3)})
            frame.plot(x="day", y="x")
            frame[["x"]].hist()
            return "drawn"
      `,
      answer: {
        result: '"drawn"',
        artifacts: [
          ['figure-1.png', PNG],
          ['figure-2.png', PNG],
        ],
      },
    },
    {
      name: 'at the end of a program are its result, as in a notebook',
      script: 'import pandas as pd\npd.Series([1, 2]).plot()',
      request: '"mode": "script"',
      answer: { result: 'null', artifacts: [['figure-1.png', PNG]] },
    },
    {
      name: 'that a script saves itself are files like others',
      script: python`
        import matplotlib.pyplot as plt
        def main():
            plt.plot([1, 2])
            plt.savefig("output/own.svg")
            plt.close()
      `,
      answer: { result: 'null', artifacts: [['own.svg', SVG]] },
      insideGvisor: {
        answer: {
          code: 'SCRIPT_ERROR',
          error: /./,
          line: 4,
          column: 'any',
          artifacts: [['figure-1.png', PNG]],
        },
        reason: 'runs can write no file there',
      },
    },
    {
      name: 'come back with a file that was made of one of them',
      script: python`
        import matplotlib.pyplot as plt
        def main():
            plt.plot([1, 2, 3])
            plt.title("Sales")
            plt.tight_layout()
            plt.savefig("output/plot.svg")
            return "both"
      `,
      answer: {
        result: '"both"',
        artifacts: [
          ['plot.svg', SVG],
          ['figure-1.png', PNG],
        ],
      },
      insideGvisor: {
        answer: {
          code: 'SCRIPT_ERROR',
          error: /./,
          line: 6,
          column: 'any',
          artifacts: [['figure-1.png', PNG]],
        },
        reason: 'runs can write no file there',
      },
    },
    {
      name: 'that cannot be drawn are an error of the script',
      script: python`
        import matplotlib.pyplot as plt
        def main():
            plt.title("$\\frac{1}$")
            return 1
      `,
      answer: {
        code: 'SCRIPT_ERROR',
        error: /^A figure that was left open could not be drawn: ValueError/,
        hint: /savefig|close/,
      },
    },
    {
      name: 'that are returned have no form, and the hint says that they come back by themselves',
      script: python`
        import pandas as pd
        def main():
            return {"plot": pd.DataFrame({"x": [1, 2]}).plot()}
      `,
      answer: {
        code: 'RESULT_NOT_SERIALIZABLE',
        error: /result\["plot"\]/,
        hint: /artifact/,
        artifacts: [['figure-1.png', PNG]],
      },
    },
  ],
};
