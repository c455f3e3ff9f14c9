/** A record taken through both formats, as far as this stage goes: fields to claims and to elements, and back. */
import { readCbor } from '../../src/core/cbor/read.js'
import type { CborValue } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { parseJsonObject } from '../../src/core/json.js'
import { claimsToIssue, fromClaims } from '../../src/passport/claims.js'
import type { PassportDefinition } from '../../src/passport/definition.js'
import { elementsToIssue, fromElements } from '../../src/passport/elements.js'

/** What a verifier of each format reads of what an issuer would write on the day `on`. */
export function inBothForms<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  record: unknown,
  on: string,
) {
  const passport = definition.parse(record)
  const derived = definition.derive(passport, on)
  const json = JSON.stringify(claimsToIssue(definition, passport, derived).claims)
  const elements = new Map<string, Map<string, CborValue>>()
  for (const { namespace, identifier, value } of elementsToIssue(definition, passport, derived)) {
    const byIdentifier = elements.get(namespace) ?? new Map<string, CborValue>()
    elements.set(namespace, byIdentifier.set(identifier, readCbor(writeCbor(value))))
  }
  return {
    values: { ...passport, ...derived },
    fromJson: fromClaims(definition, parseJsonObject(json)),
    fromMdoc: fromElements(definition, elements),
  }
}
