/** The portal developer: a record from a form becomes a signed credential, or a list of what is wrong with it. */

import { readFile } from 'node:fs/promises'
import {
  citizenPassport,
  explain,
  generateSigner,
  issueSdJwtCredential,
  memoryStore,
  openStatusRegistry,
  russian,
} from 'vidimus'

const signer = await generateSigner('ES256') // a development key; in production importSigner(jwk), or your HSM as a Signer
const registry = await openStatusRegistry({ store: memoryStore(), signer, baseUri: 'https://status.example' })

export async function issuePassport(record: unknown, holderKey: JsonWebKey) {
  const checked = citizenPassport.safeParse(record)
  if (!checked.ok) return { issues: checked.issues.map(issue => explain(issue, russian)) }
  const id = crypto.randomUUID()
  const status = await registry.allocate({ id })
  return {
    id,
    credential: await issueSdJwtCredential(citizenPassport, checked.passport, {
      issuer: 'https://passport.example',
      signer,
      holderKey,
      status,
    }),
  }
}

const record = JSON.parse(await readFile('examples/data/citizen-passport.json', 'utf8'))
const holder = await generateSigner('ES256')

const issued = await issuePassport(record, holder.publicJwk)
if (issued.credential === undefined) throw new Error(issued.issues?.join('\n'))
console.log(
  `issued ${issued.credential.length} characters, ${issued.credential.split('~').length - 2} of its claims can be hidden`,
)

const refused = await issuePassport({ ...record, birthDate: '30.02.2001', snils: '112-233-445 96' }, holder.publicJwk)
if (refused.issues?.length !== 2) throw new Error('both mistakes should have been found at once')
console.log(`refused: ${refused.issues.join(' ')}`)
