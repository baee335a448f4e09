import { readContainerCpuSeconds } from './container-cpu';
import { hostWith } from './shown-files.contract';

describe('readContainerCpuSeconds', () => {
  it('reads what a container sees with cgroup v2', () => {
    const read = hostWith({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/cgroup.type': 'domain\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\n',
    });
    expect(readContainerCpuSeconds(read)).toBe(2.5);
  });

  it('follows the path of a service on a host', () => {
    const read = hostWith({
      '/proc/self/cgroup': '0::/system.slice/pycell.service\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 99000000\n',
      '/sys/fs/cgroup/system.slice/pycell.service/cgroup.type': 'domain\n',
      '/sys/fs/cgroup/system.slice/pycell.service/cpu.stat': 'usage_usec 1000000\n',
    });
    expect(readContainerCpuSeconds(read)).toBe(1);
  });

  it('reads cgroup v1, in a container that shows its own at the root', () => {
    const read = hostWith({
      '/proc/self/cgroup': '3:cpu,cpuacct:/docker/an-id\n1:name=systemd:/\n',
      '/sys/fs/cgroup/cpuacct/cpuacct.usage': '1500000000\n',
    });
    expect(readContainerCpuSeconds(read)).toBe(1.5);
  });

  it.each([
    ['v2', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.stat': 'usage_usec 2500000\n' }],
    [
      'v1',
      {
        '/proc/self/cgroup': '2:cpuacct:/\n',
        '/sys/fs/cgroup/cpuacct/cpuacct.usage': '1500000000\n',
        '/sys/fs/cgroup/cpuacct/cgroup.sane_behavior': '0\n',
      },
    ],
  ])('does not take that of the whole host for its own, cgroup %s', (_version, files) => {
    expect(readContainerCpuSeconds(hostWith(files))).toBeNull();
  });

  it('is null on a host that shows no cgroups', () => {
    expect(readContainerCpuSeconds(hostWith({}))).toBeNull();
  });
});
