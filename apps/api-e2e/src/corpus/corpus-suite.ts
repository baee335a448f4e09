import { ApiServer, type Environment } from '../harness/api-server';
import type { CorpusTheme } from './corpus-case';
import { describeThemes } from './corpus-run';

/** Roomy, for imports of pandas and figures on a busy machine; themes that meet a limit bring an environment of their own. */
const ROOMY: Environment = { SCRIPT_TIMEOUT: '30' };

/** Defines one suite for each environment that the themes want, each with a server of its own. */
export function describeCorpus(
  build: 'local' | 'cloud',
  corpus: readonly CorpusTheme[],
  more: Environment = {},
): void {
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
