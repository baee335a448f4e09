import { ApiServer } from './harness/api-server';
import { describeEachBuild } from './harness/jail-support';
import { describeHttpInterface } from './http/http-interface';

describeEachBuild('The HTTP interface', (build) =>
  describeHttpInterface(build, () => ApiServer.start({ BUILD: build })),
);
