/** Work on many things, a few at a time. */

/** What the work gives for each item, in their order. Rejects with the first failure; no more work is begun then. */
export async function several<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  let begun = 0
  const worker = async () => {
    while (begun < items.length) {
      const at = begun++
      try {
        results[at] = await work(items[at] as Item)
      } catch (failure) {
        begun = items.length
        throw failure
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}
