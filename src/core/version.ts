/** The version of the library, as evidence records name it. A test holds it against package.json. */
export const version = '0.1.0'
