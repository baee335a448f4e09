/** Read JSON that stays the bytes that came, in slices. */
export { JsonText } from '../../bodies/json-text';
export { readKey, readRest, readValue, type ValueWatch } from '../../bodies/json-value';
