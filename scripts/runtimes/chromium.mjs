/** Chromium, driven by Playwright: the same for a page as ./firefox.mjs. */
import { chromium as driver } from 'playwright'

/** Opens a browser that has a `version` and reads, with `reportAt(url)`, the report that a page there gives. */
export async function openChromium(executablePath) {
  const browser = await driver.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  return {
    version: browser.version(),
    async reportAt(url) {
      const page = await browser.newPage()
      try {
        await page.goto(url)
        return JSON.parse(await page.evaluate(() => globalThis.portableReport))
      } finally {
        await page.close()
      }
    },
    close: () => browser.close(),
  }
}
