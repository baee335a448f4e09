import { describeJail } from './containment/jail-suite';
import { describeJailMode } from './harness/jail-modes';

describeJailMode('warm', describeJail);
