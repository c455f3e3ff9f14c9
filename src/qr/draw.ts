/**
 * A QR code as SVG. Modules are drawn as one path of whole units, so that they are crisp at any size; colours are
 * attributes, for a strict Content Security Policy forbids styles.
 */
import { encodeQR } from 'qr'
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { type ErrorCorrection, errorCorrections, expectRoom } from './capacity.js'

/** How a code is made. */
export interface QrPathOptions {
  /** `medium` by default. A higher level makes a denser code of the same text. */
  readonly errorCorrection?: ErrorCorrection | undefined
  /** The quiet zone in modules, from 1 to 16; 4 by default, which the standard asks for (ISO/IEC 18004). */
  readonly border?: number | undefined
}

/** How it is made, and how large it is printed. */
export interface DrawQrOptions extends QrPathOptions {
  /** The side of the whole picture in millimetres, border included, for print. Without it the picture fills its place. */
  readonly millimetres?: number | undefined
}

/** A code as data. */
export interface QrPath {
  /** The side of the code in modules, border included: divide a width by it for the size of a module. */
  readonly modules: number
  /** The dark modules as the data of an SVG path, in units of a module; the rest has to be light. */
  readonly path: string
}

/**
 * A QR code as a standalone SVG document, black on white: for files, mail and print, or as the markup of a page. It contains
 * nothing of the text but the modules. Throws `qr_too_long` for a text that one code of the level does not hold, before
 * anything is drawn; `splitFrames` divides it.
 * @example const svg = drawQr(presentation, { millimetres: 40 })
 */
export function drawQr(text: string, options: DrawQrOptions = {}): string {
  expectObject(options, 'options')
  const { millimetres, ...rest } = options
  if (millimetres !== undefined && !(typeof millimetres === 'number' && millimetres > 0 && millimetres <= 10_000))
    throw new RangeError('`millimetres` must be a number above 0, at most 10000')
  const { modules, path } = qrPath(text, rest)
  const size = millimetres === undefined ? '' : ` width="${millimetres}mm" height="${millimetres}mm"`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${modules} ${modules}"${size} shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${modules}v${modules}H0z"/><path fill="#000" d="${path}"/></svg>`
  )
}

/**
 * The same as data, where no markup may be set (Trusted Types), on a canvas (`new Path2D(path)`), or in a PDF. Throws as
 * `drawQr`.
 * @example
 * const { modules, path } = qrPath(presentation)
 * svg.setAttribute('viewBox', `0 0 ${modules} ${modules}`)
 * dark.setAttribute('d', path)
 */
export function qrPath(text: string, options: QrPathOptions = {}): QrPath {
  expectObject(options, 'options')
  const { errorCorrection = 'medium', border = 4, ...rest } = options
  expectNoMore(rest, 'options')
  if (!errorCorrections.includes(errorCorrection))
    throw misuse('errorCorrection', `one of ${errorCorrections.join(', ')}`)
  if (!Number.isInteger(border) || border < 1 || border > 16)
    throw new RangeError('`border` must be an integer from 1 to 16')
  expectRoom(text, errorCorrection)
  const rows = encodeQR(text, 'raw', { ecc: errorCorrection, border })
  return { modules: rows.length, path: rows.map(pathOfRow).join('') }
}

/** Each run of dark modules as one box. */
function pathOfRow(row: readonly boolean[], y: number): string {
  const boxes: string[] = []
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue
    let end = x
    while (row[end]) end++
    boxes.push(`M${x} ${y}h${end - x}v1H${x}z`)
    x = end
  }
  return boxes.join('')
}
