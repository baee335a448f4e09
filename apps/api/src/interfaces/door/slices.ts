export { atOnceOrInSlices, nextTurn, type Sliced } from '../../bodies/slices';
