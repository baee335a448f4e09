import { describeJailMode, JAIL_WAYS } from './harness/jail-modes';
import { describePairs } from './pairs/pair-suite';

for (const way of JAIL_WAYS) {
  describeJailMode(way, describePairs, 'One run against another, with the policy off');
}
