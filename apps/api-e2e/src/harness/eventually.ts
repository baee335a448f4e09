export { eventually } from '../../../../tools/services/eventually.cjs';
