/**
 * Upper bounds of the histograms of times, seconds: three a decade, from where a phase of an execution mostly lies to the longest
 * wait and run that one usually allows. The same whatever the configuration is: those of replicas are added up.
 */
export const TIME_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100,
];
