export type { ProcessEntry } from '../../../../tools/services/processes.cjs';
export {
  childAbove,
  descendantsOf,
  isRunning,
  runningProcessesNamed,
} from '../../../../tools/services/processes.cjs';
