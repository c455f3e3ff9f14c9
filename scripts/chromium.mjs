/** Where this machine keeps a Chromium, if anywhere. Nothing is ever downloaded. */
import { existsSync } from 'node:fs'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path in `CHROMIUM` when it is set, else the first of the usual places that exists. */
export const chromium = process.env['CHROMIUM'] ?? usualPlaces.find(path => existsSync(path))
