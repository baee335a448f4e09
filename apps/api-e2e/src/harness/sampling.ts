export { sampled } from '../../../../tools/prove/seed.cjs';
