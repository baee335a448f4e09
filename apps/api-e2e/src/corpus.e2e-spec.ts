import { CORPUS } from './corpus';
import { describeThemes } from './corpus/corpus-run';
import { ApiServer, type Environment } from './harness/api-server';
import { describeCloud, describeEachBuild } from './harness/jail-support';

/** Roomy, for `import pandas` on a busy machine; themes that meet a limit bring an environment of their own. */
const ROOMY: Environment = { SCRIPT_TIMEOUT: '10' };

describeEachBuild('The corpus', (build) => describeCorpus(build, {}));
describeCloud('The corpus (BUILD=cloud, JAIL_PER_RUN)', () =>
  describeCorpus('cloud', { JAIL_PER_RUN: 'true' }),
);

function describeCorpus(build: 'local' | 'cloud', more: Environment): void {
  const environments = [...new Set(CORPUS.map((theme) => theme.environment ?? ROOMY))];

  describe.each(environments.map((environment) => [JSON.stringify(environment), environment] as const))(
    'under %s',
    (_name, environment) => {
      const themes = CORPUS.filter((theme) => (theme.environment ?? ROOMY) === environment);
      describeThemes(themes, build, () =>
        ApiServer.start({ LOG_LEVEL: 'error', ...environment, ...more, BUILD: build }),
      );
    },
  );
}
