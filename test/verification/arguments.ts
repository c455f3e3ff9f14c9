/** First arguments that nobody should ever get to see. */

const text = 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA~'

const fail = () => {
  throw new Error('a trap')
}

/** Every operation on it throws. */
const trapped = new Proxy(
  {},
  Object.fromEntries(Reflect.ownKeys(Reflect).flatMap(name => (typeof name === 'string' ? [[name, fail]] : []))),
)
const revocable = Proxy.revocable({}, {})
revocable.revoke()

const posing = {
  toString: () => text,
  valueOf: () => text,
  length: 1,
  includes: () => true,
}

/** Everything that a first argument can be, but text and bytes. */
export const notText: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['a number', 7],
  ['NaN', Number.NaN],
  ['a bigint', 7n],
  ['a symbol', Symbol('x')],
  ['a function', () => text],
  ['an object', {}],
  ['an object that poses as text', posing],
  [
    'a getter that throws',
    {
      get length() {
        return fail()
      },
      toString: fail,
      [Symbol.toPrimitive]: fail,
    },
  ],
  ['a proxy that throws', trapped],
  ['a proxy that is revoked', revocable.proxy],
  ['a boxed text', new String(text)],
  ['a list', [text]],
  ['a promise', Promise.resolve(text)],
  ['a date', new Date()],
]
