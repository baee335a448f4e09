/** A piece of script to start from; `$1`, `${1:text}` are the places to fill in, `$0` is where the cursor ends. */
export interface Snippet {
  /** What is typed to find it. */
  readonly label: string;
  readonly detail: string;
  readonly body: string;
  /** Names that it uses; it is offered only where none of them is blocked. */
  readonly uses?: readonly string[];
}

export const SNIPPETS: readonly Snippet[] = [
  {
    label: 'main',
    detail: 'The function that pycell calls',
    body: 'def main():\n    ${1:pass}\n    return ${2:None}$0',
  },
  {
    label: 'dataframe',
    detail: 'A pandas DataFrame as result',
    body: 'import pandas as pd\n\ndef main():\n    df = pd.DataFrame({"${1:name}": [${2:"a", "b"}], "${3:value}": [${4:1, 2}]})\n    return df$0',
    uses: ['pandas'],
  },
  {
    label: 'array',
    detail: 'Statistics of a numpy array',
    body: 'import numpy as np\n\ndef main():\n    values = np.array([${1:1, 2, 3}])\n    return {"mean": values.mean(), "std": values.std()}$0',
    uses: ['numpy'],
  },
  { label: 'def', detail: 'Function', body: 'def ${1:name}(${2:arguments}):\n    ${0:pass}' },
  { label: 'for', detail: 'Loop', body: 'for ${1:item} in ${2:items}:\n    ${0:pass}' },
  {
    label: 'forenum',
    detail: 'Loop with a counter',
    body: 'for ${1:index}, ${2:item} in enumerate(${3:items}):\n    ${0:pass}',
  },
  {
    label: 'try',
    detail: 'try and except',
    body: 'try:\n    ${1:pass}\nexcept ${2:ValueError} as error:\n    ${0:print(error)}',
  },
  {
    label: 'with',
    detail: 'Context',
    body: 'with ${1:expression} as ${2:name}:\n    ${0:pass}',
  },
  { label: 'class', detail: 'Class', body: 'class ${1:Name}:\n    def __init__(self$2):\n        ${0:pass}' },
  {
    label: 'dataclass',
    detail: 'Class that holds data',
    body: 'from dataclasses import dataclass\n\n\n@dataclass\nclass ${1:Name}:\n    ${2:field}: ${3:int}$0',
    uses: ['dataclasses'],
  },
  { label: 'listcomp', detail: 'List comprehension', body: '[${1:x} for ${2:x} in ${3:items}]$0' },
  { label: 'dictcomp', detail: 'Dict comprehension', body: '{${1:k}: ${2:v} for ${3:k, v} in ${4:items}}$0' },
];
