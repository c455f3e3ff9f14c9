/**
 * A code on paper, before a camera: our SVG printed at so many pixels, turned, blurred, in bad light. Slow and obvious, and
 * the same to the bit on every platform.
 */
import type { PixelPicture } from '../../src/qr/scan.js'

export interface Circumstances {
  /** The side of the printed code, border included. 472 by default: 4 cm at 300 dpi. */
  readonly pixels?: number
  /** The side of the picture around it: as large as the code by default. */
  readonly picture?: number
  readonly degrees?: number
  /** How often each pixel becomes the mean of itself and its neighbours. */
  readonly blur?: number
  /** How far each pixel may be off, of 255. */
  readonly noise?: number
  /** Black and white as they come out, of 255. */
  readonly light?: readonly [black: number, white: number]
}

/** The lightness of each pixel, from 0 to 1, in a buffer of its own. */
type Grey = ReturnType<Float32Array['slice']>

/** Samples of each pixel, across and down. */
const samples = 4

export function photograph(svg: string, circumstances: Circumstances = {}): PixelPicture {
  const { pixels = 472, picture = pixels, degrees = 0, blur = 0, noise = 0, light = [0, 255] } = circumstances
  let grey = printed(modulesOf(svg), pixels, picture, degrees)
  for (let again = 0; again < blur; again++) grey = blurred(grey, picture)
  const random = lcg(2026)
  const [black, white] = light
  const data = new Uint8ClampedArray(4 * picture * picture).fill(255)
  for (const [index, lightness] of grey.entries())
    data.fill(black + lightness * (white - black) + (2 * random() - 1) * noise, 4 * index, 4 * index + 3)
  return { width: picture, height: picture, data }
}

/** Which modules an SVG of ours paints black, read from its markup. */
export function modulesOf(svg: string): readonly (readonly boolean[])[] {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const path = /<path fill="#000" d="([^"]*)"/.exec(svg)?.[1] ?? ''
  const rows = Array.from({ length: side }, () => new Array<boolean>(side).fill(false))
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
    rows[Number(y)]!.fill(true, Number(x), Number(x) + Number(width))
  return rows
}

/** From 0, black, to 1, white. */
function printed(modules: readonly (readonly boolean[])[], pixels: number, picture: number, degrees: number) {
  const angle = (degrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const scale = modules.length / pixels
  const middle = modules.length / 2
  const isDark = (x: number, y: number) =>
    modules[Math.floor((y * cos - x * sin) * scale + middle)]?.[Math.floor((x * cos + y * sin) * scale + middle)] ===
    true
  const grey: Grey = new Float32Array(picture * picture)
  for (let index = 0; index < grey.length; index++) {
    let dark = 0
    for (let sample = 0; sample < samples ** 2; sample++) {
      const x = (index % picture) + ((sample % samples) + 0.5) / samples - picture / 2
      const y = Math.floor(index / picture) + (Math.floor(sample / samples) + 0.5) / samples - picture / 2
      if (isDark(x, y)) dark++
    }
    grey[index] = 1 - dark / samples ** 2
  }
  return grey
}

function blurred(grey: Grey, side: number): Grey {
  return grey.map((own, index) => {
    let [sum, count] = [0, 0]
    for (const dy of [-side, 0, side])
      for (const dx of [-1, 0, 1]) {
        const isBeside = Math.floor((index + dx) / side) === Math.floor(index / side)
        const neighbour = isBeside ? grey[index + dx + dy] : undefined
        sum += neighbour ?? own
        count++
      }
    return sum / count
  })
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'

/** As a presentation looks, the same every time: three characters for every two bytes. */
export function base45(length: number): string {
  const random = lcg(length)
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
}

/** The same numbers every time, from 0 to below 1. */
export function lcg(seed: number): () => number {
  let state = seed
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
}
