export { chooseSeed, sampled, seededRandom } from '../../../../tools/prove/seed.cjs';
