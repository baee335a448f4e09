import { readContainerMemory } from './container-memory';
import { hostWith } from './shown-files.contract';

describe('readContainerMemory', () => {
  it('reads what a container sees with cgroup v2, without idle file cache', () => {
    const read = hostWith({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.current': '3000\n',
      '/sys/fs/cgroup/memory.max': '5000\n',
      '/sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 400\nactive_file 7\n',
    });
    expect(readContainerMemory(read)).toEqual({ usedBytes: 2600, limitBytes: 5000 });
  });

  it('follows the path of a service on a host, which has no limit', () => {
    const read = hostWith({
      '/proc/self/cgroup': '0::/system.slice/pycell.service\n',
      '/sys/fs/cgroup/system.slice/pycell.service/memory.current': '3000\n',
      '/sys/fs/cgroup/system.slice/pycell.service/memory.max': 'max\n',
    });
    expect(readContainerMemory(read)).toEqual({ usedBytes: 3000, limitBytes: undefined });
  });

  it('reads cgroup v1, in a container that shows its own at the root', () => {
    const read = hostWith({
      '/proc/self/cgroup': '5:cpuset:/\n4:memory:/docker/an-id\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '3000\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.stat': 'inactive_file 1\ntotal_inactive_file 500\n',
    });
    expect(readContainerMemory(read)).toEqual({ usedBytes: 2500, limitBytes: undefined });
  });

  it('is null on a host that shows no cgroups', () => {
    expect(readContainerMemory(hostWith({}))).toBeNull();
  });
});
