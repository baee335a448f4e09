import { CORPUS } from './corpus';
import type { CorpusTheme } from './corpus/corpus-case';
import { describeThemes } from './corpus/corpus-run';
import { ApiServer, type Environment } from './harness/api-server';
import { describeCloud, describeEachBuild } from './harness/jail-support';
import { sampled } from './harness/sampling';

/** Roomy, for `import pandas` on a busy machine; themes that meet a limit bring an environment of their own. */
const ROOMY: Environment = { SCRIPT_TIMEOUT: '10' };

describeEachBuild('The corpus', (build) => describeCorpus(build, CORPUS, {}));
// Of each theme a quarter where a sample is asked for: a case costs as much as dozens in a warm jail.
describeCloud('The corpus (BUILD=cloud, JAIL_PER_RUN)', () =>
  describeCorpus(
    'cloud',
    CORPUS.map((theme) => ({ ...theme, cases: sampled(theme.cases, 0.25, `corpus ${theme.theme}`) })),
    { JAIL_PER_RUN: 'true' },
  ),
);

function describeCorpus(build: 'local' | 'cloud', corpus: readonly CorpusTheme[], more: Environment): void {
  const environments = [...new Set(corpus.map((theme) => theme.environment ?? ROOMY))];

  describe.each(environments.map((environment) => [JSON.stringify(environment), environment] as const))(
    'under %s',
    (_name, environment) => {
      const themes = corpus.filter((theme) => (theme.environment ?? ROOMY) === environment);
      describeThemes(themes, build, () =>
        ApiServer.start({ LOG_LEVEL: 'error', ...environment, ...more, BUILD: build }),
      );
    },
  );
}
