import { describeJail } from './containment/jail-suite';
import { describeJailMode } from './harness/jail-modes';

describeJailMode('warm, as an ordinary user without capabilities', describeJail);
