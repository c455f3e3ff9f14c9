/** What the peer has, as far as it is used here: it brings no types. */
declare module '@digitalbazaar/vc-bitstring-status-list' {
  interface BitstringStatusList {
    readonly length: number
    setStatus(index: number, status: boolean): void
    getStatus(index: number): boolean
  }
  export function createList(options: { readonly length: number }): Promise<BitstringStatusList>
  export function decodeList(options: { readonly encodedList: string }): Promise<BitstringStatusList>
  export function createCredential(options: {
    readonly id: string
    readonly list: BitstringStatusList
    readonly statusPurpose: string
  }): Promise<object>
  export function checkStatus(options: {
    readonly credential: object
    readonly documentLoader: (url: string) => Promise<{ readonly document: object }>
    readonly verifyBitstringStatusListCredential: boolean
    readonly verifyMatchingIssuers: boolean
  }): Promise<{ readonly verified: boolean; readonly error?: unknown; readonly results?: readonly unknown[] }>
}
