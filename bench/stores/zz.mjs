import { open } from './open.mjs'
await open('sqlite', { entries: 200000 })
await open('postgres', { entries: 200000 })
