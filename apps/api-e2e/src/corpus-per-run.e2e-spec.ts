import { CORPUS } from './corpus';
import { describeCorpus } from './corpus/corpus-suite';
import { describeCloud } from './harness/jail-support';
import { sampled } from './harness/sampling';

// Of each theme a quarter where a sample is asked for: a case costs as much as dozens in a warm jail.
const SAMPLE = CORPUS.map((theme) => ({
  ...theme,
  cases: sampled(theme.cases, 0.25, `corpus ${theme.theme}`),
}));

describeCloud('The corpus (BUILD=cloud, JAIL_PER_RUN)', () =>
  describeCorpus('cloud', SAMPLE, { JAIL_PER_RUN: 'true' }),
);
