/** `vidimus/qr`: QR codes drawn and scanned, over the optional package `qr`. */
export { type ErrorCode, VidimusError } from '../errors.js'
export type { ErrorCorrection } from './capacity.js'
export { type DrawQrOptions, drawQr, type QrPath, type QrPathOptions, qrPath } from './draw.js'
export type { DrawablePicture } from './pixels.js'
export { type PixelPicture, type QrPicture, type ScanLimits, type ScanQrOptions, scanQr } from './scan.js'
