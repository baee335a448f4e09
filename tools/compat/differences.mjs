/** Functions that pass bare and not inside, each with the reason why that is right. Whatever is not here is a defect. */
export const KNOWN = [
  {
    functions: /test_cpu_features\.py::.*::test_features$/,
    reason: 'reads /proc/cpuinfo: a run sees nothing of the host in /proc',
  },
  {
    functions: /test_regression\.py::TestRegression::test_dot_big_stride$/,
    reason: 'reads /proc/meminfo: a run sees nothing of the host in /proc',
  },
  {
    functions: /test_tz_(localize|convert)\.py::.*tzlocal/,
    reason:
      'sets TZ and calls time.tzset(), for which there are no zone files outside of the package tzdata: local time is UTC',
  },
  {
    functions: /TestNewBufferProtocol::test_no_suboffsets$/,
    reason:
      "skipped inside: needs _testbuffer, a part of CPython's own tests, which the sandbox root leaves out",
  },
  {
    functions: /TestIO::test_largish_file$/,
    reason: 'writes a file as large as /tmp is (TMP_SIZE_MB)',
  },
  {
    functions: /TestCreation::test_zeros_big$|TestRegression::test_to_ctypes$/,
    reason: 'reserves 480 MiB, 2 GiB (MEMORY_LIMIT_MB)',
  },
];

/** @param {string} name a function, as pytest names it @returns {string | undefined} the reason */
export function reasonFor(name) {
  return KNOWN.find(({ functions }) => functions.test(name))?.reason;
}
