/** `vidimus/office`: what the issuing office stands on so far: requests answered once, and messages sent after the commit. */
export type { Transaction, Transactional } from '../core/transaction.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export {
  type Answered,
  type AnswerOnceOptions,
  answerOnce,
  type ForgetAnswersOptions,
  forgetAnswers,
} from './idempotency.js'
export { type DeliverOptions, type Delivery, deliverOutbox, enqueue } from './outbox.js'
export type { AnswerRow, MessageLease, OfficeStore, OutboxMessage } from './store.js'
