/** The certificate paths of x509-limbo: every verdict that is another here is named with its reason. */
import { describe, expect, it } from 'vitest'
import { keyCache } from '../../src/core/jwk.js'
import { defaultLimits, readLimits } from '../../src/core/limits.js'
import { type Certificate, readCertificate } from '../../src/core/x509/certificate.js'
import { namesIssuer } from '../../src/core/x509/names.js'
import { readChain, validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import limbo from '../vectors/x509/limbo-2023-12-subset.json' with { type: 'json' }
import { instant } from '../world.js'
import { told } from './support.js'
import { chainsFrom } from './x509-search.js'

/** What is other here: a code, or `accepted` for what the rules of web servers alone refuse. The reasons are in SKIPS.md. */
const disagreements: Readonly<Record<string, string>> = {
  'pathlen::validation-ignores-pathlen-in-leaf': 'certificate_profile at leaf.basicConstraints',
  'pathlen::max-chain-depth-1-self-issued': 'limit_exceeded at certificates',
  'rfc5280::aki::leaf-missing-aki': 'accepted',
  'rfc5280::aki::intermediate-missing-aki': 'accepted',
  'rfc5280::aki::cross-signed-root-missing-aki': 'accepted',
  'rfc5280::ski::intermediate-missing-ski': 'accepted',
  'webpki::aki::root-with-aki-authoritycertissuer': 'accepted',
  'webpki::aki::root-with-aki-authoritycertserialnumber': 'accepted',
  'webpki::eku::ee-without-eku': 'accepted',
  'webpki::eku::root-has-eku': 'accepted',
  'webpki::san::san-critical-with-nonempty-subject': 'accepted',
}

/** Its leaves are of web servers, which no profile of ours has. */
const servers = { ...readCertificateProfile('plain', 'profile'), extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'] }
const keys = keyCache()

type Case = (typeof limbo.testcases)[number]

/** What every way from the leaf to one of the anchors comes to. */
async function outcomes(test: Case): Promise<readonly string[]> {
  try {
    const [leaf, ...others] = [test.peer_certificate, ...test.untrusted_intermediates].map(readCertificate)
    const anchors = test.trusted_certs.map(readCertificate)
    const chains = chainsFrom(leaf!, others)
    return await Promise.all(anchors.flatMap(anchor => chains.map(chain => outcomeOfChain(chain, anchor, test))))
  } catch (error) {
    return [told(error)]
  }
}

async function outcomeOfChain(chain: readonly Certificate[], anchor: Certificate, test: Case): Promise<string> {
  const { validation_time: time, max_chain_depth: depth, expected_peer_name: peer } = test
  try {
    const limits = depth === null ? defaultLimits : readLimits({ certificates: depth + 1 })
    const sent = readChain(
      chain.map(({ der }) => der),
      limits,
    )
    const at = time === null ? instant : new Date(time)
    const { leaf } = await validatePath(sent, anchor, { profile: servers, at, keys })
    const named = peer.kind !== 'DNS' || namesIssuer(leaf, `https://${peer.value}`) === true
    return named ? 'accepted' : 'named otherwise'
  } catch (error) {
    return told(error)
  }
}

describe('x509-limbo', () => {
  for (const test of limbo.testcases) {
    const other = disagreements[test.id]
    const expected = test.expected_result === 'SUCCESS' ? 'taken' : 'refused'
    it(`${test.id} is ${other === undefined ? expected : `not ${expected}`}`, async () => {
      const found = await outcomes(test)
      if (other !== undefined) expect(found).toContain(other)
      expect(found.includes('accepted')).toBe((other === undefined) === (expected === 'taken'))
    })
  }
})
