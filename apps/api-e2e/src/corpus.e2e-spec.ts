import { CORPUS } from './corpus';
import { describeCorpus } from './corpus/corpus-suite';
import { describeEachBuild } from './harness/jail-support';

describeEachBuild('The corpus', (build) => describeCorpus(build, CORPUS));
