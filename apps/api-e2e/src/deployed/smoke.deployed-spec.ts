import { CORPUS } from '../corpus';
import { describeThemes } from '../corpus/corpus-run';
import { describeHttpInterface } from '../http/http-interface';
import { connectToDeployed, isInsideGvisor } from './deployed-service';

/** The service at PYCELL_BASE_URL must have default settings; PYCELL_BUILD tells which executor it has. */
const build = process.env['PYCELL_BUILD'] === 'local' ? 'local' : 'cloud';

describe(`The HTTP interface of a deployed service (BUILD=${build})`, () =>
  describeHttpInterface(build, connectToDeployed));

// Themes with an environment of their own need a service that meets its limits sooner.
describe(`The corpus on a deployed service (BUILD=${build})`, () =>
  describeThemes(
    CORPUS.filter((theme) => theme.environment === undefined),
    isInsideGvisor ? 'gvisor' : build,
    connectToDeployed,
  ));
