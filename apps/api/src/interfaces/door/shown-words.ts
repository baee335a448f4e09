/** What a message shows of a request: little of what is long, and no key. */
export { shownName } from '../../bodies/json-words';
export { withoutKeys } from '../../configuration/key-text';
