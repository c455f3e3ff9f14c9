/** The NIST public key interoperability test suite: no false accept, and every false reject named with its reason. */
import { describe, expect, it } from 'vitest'
import { fromBase64 } from '../../src/core/bytes.js'
import { keyCache } from '../../src/core/jwk.js'
import { type Certificate, readCertificate } from '../../src/core/x509/certificate.js'
import { readCrl, requireNotRevoked } from '../../src/core/x509/crl.js'
import { validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import pkits from '../vectors/x509/pkits.json' with { type: 'json' }
import { instant } from '../world.js'
import { told } from './support.js'
import { chainsFrom } from './x509-search.js'

const crlOfAnother = 'certificate_revocation_unknown at leaf.signature'
const policies = (id: string) => `certificate_extension_unsupported at intermediate: 2.5.29.${id}`
const policyConstraints = policies('36')
const policyMappings = policies('33')
const inhibitAnyPolicy = policies('54')
const authorityAsLeaf = 'certificate_profile at leaf.basicConstraints'
const partialList = 'certificate_revocation_unknown at leaf.scope'
const noList = 'certificate_revocation_unknown at leaf.crl'

/** Valid by the suite and refused here, with what the way that was meant comes to. The reasons are in SKIPS.md. */
const disagreements: Readonly<Record<string, string>> = {
  '40104_valid_dsa_signatures_test4': 'key_invalid at certificate',
  '40419_valid_separate_certificate_and_crl_keys_test19': 'certificate_revocation_unknown at leaf.keyUsage',
  '40504_valid_basic_self_issued_new_with_old_test4': partialList,
  '40506_valid_basic_self_issued_crl_signing_key_test6': partialList,
  '40608_valid_pathlenconstraint_test8': authorityAsLeaf,
  '40615_valid_self_issued_pathlenconstraint_test15': crlOfAnother,
  '40617_valid_self_issued_pathlenconstraint_test17': crlOfAnother,
  '40806_overlapping_policies_test3': policyConstraints,
  '40810_all_certificates_same_policies_test10': policyConstraints,
  '40811_all_certificates_any_policy_test10': policyConstraints,
  '40813_all_certificates_same_policies_test13': policyConstraints,
  '40814_any_policy_test14': policyConstraints,
  '40902_valid_require_explicit_policy_test2': policyConstraints,
  '40904_valid_require_explicit_policy_test4': policyConstraints,
  '40906_valid_self_issued_require_explicit_policy_test6': policyConstraints,
  '41009_valid_policy_mapping_test9': policyMappings,
  '41013_valid_policy_mapping_test13': policyMappings,
  '41014_valid_policy_mapping_test14': policyMappings,
  '41102_valid_inhibit_policy_mapping_test2': policyConstraints,
  '41104_valid_inhibit_policy_mapping_test4': policyConstraints,
  '41107_valid_self_issued_inhibit_policy_mapping_test7': policyConstraints,
  '41203_inhibit_any_policy_test3': inhibitAnyPolicy,
  '41207_valid_self_issued_inhibit_any_policy_test7': inhibitAnyPolicy,
  '41209_valid_self_issued_inhibit_any_policy_test9': inhibitAnyPolicy,
  '41404_valid_distributionpoint_test4': partialList,
  '41413_valid_onlycontainscacerts_crl_test13': authorityAsLeaf,
  '41418_valid_onlysomereasons_test18': partialList,
  '41419_valid_onlysomereasons_test19': partialList,
  '41425_valid_idp_with_indirectcrl_test25': noList,
  '41428_valid_crlissuer_test28': partialList,
  '41429_valid_crlissuer_test29': partialList,
  '41430_valid_crlissuer_test30': noList,
  '41433_valid_crlissuer_test33': noList,
  '41505_valid_deltacrl_test5': 'certificate_revoked at leaf',
}

const profile = readCertificateProfile('plain', 'profile')
const keys = keyCache()

type Case = (typeof pkits.cases)[number]

const read = <T>(of: object, name: string, reader: (der: Uint8Array) => T): T =>
  reader(fromBase64((of as Record<string, string>)[name]!))

/** What every way from the leaf to the anchor comes to. */
async function outcomes(test: Case): Promise<readonly string[]> {
  try {
    const [leaf, ...others] = [test.end_entity, ...test.intermediates].map(certificate)
    return await Promise.all(chainsFrom(leaf!, others).map(chain => outcomeOfChain(chain, test)))
  } catch (error) {
    return [told(error)]
  }
}

const certificate = (name: string) => read(pkits.certificates, name, readCertificate)

async function outcomeOfChain(chain: readonly Certificate[], test: Case): Promise<string> {
  try {
    const path = await validatePath(chain, certificate(pkits.trust_anchor), { profile, at: instant, keys })
    const lists = test.crls.map(name => read(pkits.crls, name, readCrl))
    if (test.revocation_required) await requireNotRevoked(path, lists, instant)
    return 'valid'
  } catch (error) {
    return told(error)
  }
}

describe('PKITS', () => {
  for (const test of pkits.cases) {
    const other = disagreements[test.name]
    it(`${test.name} is ${other === undefined ? test.expected : 'not taken'}`, async () => {
      const found = await outcomes(test)
      if (other !== undefined) expect(found).toContain(other)
      expect(found.includes('valid')).toBe(other === undefined && test.expected === 'valid')
    })
  }

  it('disagrees only where it says so, and only by refusing', () => {
    const valid = pkits.cases.filter(({ expected }) => expected === 'valid').map(({ name }) => name)
    expect(Object.keys(disagreements).filter(name => !valid.includes(name))).toEqual([])
  })
})
