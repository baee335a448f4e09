export { sendPieces } from '../../answers/send-execution';
