import { describeJail } from './containment/jail-suite';
import { describeJailMode } from './harness/jail-modes';

describeJailMode('JAIL_PER_RUN', describeJail);
