import type { ZygotesInfo } from '@pycell/contracts';
import type { HostCheck } from './host-check';

/** What makes runs cheap was tried in the jail just now; what of it does not work costs time only. */
export function checkZygotes({ immortalObjects, memorySnapshot }: ZygotesInfo): HostCheck {
  const found = `immortal objects: ${wordFor(immortalObjects)}, memory snapshot: ${wordFor(memorySnapshot)}`;
  if (immortalObjects && memorySnapshot) {
    return { name: 'zygotes', status: 'ok', found };
  }
  const lacking = [
    ...(immortalObjects ? [] : ['Python 3.12 or newer']),
    ...(memorySnapshot
      ? []
      : [
          'Linux 5.14 or newer on x86-64, a jail that may mount a tmpfs (not inside gVisor), and packages that start no threads',
        ]),
  ];
  return {
    name: 'zygotes',
    status: 'limited',
    found,
    cost: 'runs copy more of the memory that they are forked from, and take up to twice the CPU time',
    remedy: `it needs ${lacking.join('; and ')}`,
  };
}

function wordFor(works: boolean): string {
  return works ? 'yes' : 'no';
}
