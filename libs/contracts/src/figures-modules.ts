/**
 * Top-level modules that only the zygote of figures loads: matplotlib with what it needs, and the packages for science
 * (SANDBOX_PACKAGES=science) with what they need. They are large: scripts that import none of them do not pay for them.
 */
export const FIGURES_MODULES = [
  'PIL',
  'cloudpickle',
  'contourpy',
  'cycler',
  'fontTools',
  'formulaic',
  'interface_meta',
  'joblib',
  'kiwisolver',
  'matplotlib',
  'mpl_toolkits',
  'narwhals',
  'packaging',
  'patsy',
  'pylab',
  'pyparsing',
  'scipy',
  'seaborn',
  'sklearn',
  'statsmodels',
  'threadpoolctl',
  'typing_extensions',
  'wrapt',
] as const;
