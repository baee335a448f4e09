export { chooseSeed, sampled } from '../../../../tools/prove/seed.cjs';
