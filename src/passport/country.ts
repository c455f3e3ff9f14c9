/**
 * Country codes of ISO 3166-1 in two and in three letters, and what travel documents have instead.
 *
 * Claims and data elements hold two letters, machine readable zones three (ICAO Doc 9303-3 §5). The two do not cover
 * each other: organisations and persons without a nationality have codes of their own, and some have no counterpart.
 */
import { misuse } from '../core/arguments.js'

/** Three letters and two, for all of ISO 3166-1. */
const pairs =
  'ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ BDIBI BELBE ' +
  'BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW ' +
  'CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY ' +
  'CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR ' +
  'FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU ' +
  'GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE ' +
  'JORJO JPNJP KAZKZ KENKE KGZKG KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT ' +
  'LUXLU LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ ' +
  'MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ ' +
  'OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU ' +
  'RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK ' +
  'SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV ' +
  'TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ' +
  'ZMBZM ZWEZW'

/** Codes of machine readable zones whose counterpart ISO 3166-1 does not list (Doc 9303-3 §5; PID Rulebook 1.7). */
const travelCodes = [
  ['D', 'DE'],
  ['XXA', 'QS'],
  ['XXX', 'QU'],
] as const

/**
 * The two letters for a code of three, or for one of a machine readable zone (`D` or `D<<` is Germany, `XXA` stateless
 * and so `QS`, `XXX` unknown and so `QU`). `undefined` where there is no counterpart, as for `XXB`, a refugee, or
 * `UNO`. Throws `TypeError` for what is no text.
 * @example alpha2('RUS') // 'RU'
 */
export function alpha2(code: string): string | undefined {
  expectString(code)
  const letters = code.replace(/<{1,2}$/, '')
  const travel = travelCodes.find(([three]) => three === letters)
  if (travel !== undefined) return travel[1]
  return letters.length === 3
    ? pairs
        .split(' ')
        .find(pair => pair.startsWith(letters))
        ?.slice(3)
    : undefined
}

/**
 * The three letters for a code of two; Germany is `DEU`, which a machine readable zone writes `D<<`. `undefined` where
 * there is no counterpart. Throws `TypeError` for what is no text.
 * @example alpha3('RU') // 'RUS'
 */
export function alpha3(code: string): string | undefined {
  expectString(code)
  const travel = travelCodes.find(([three, two]) => two === code && three.length === 3)
  if (travel !== undefined) return travel[0]
  return code.length === 2
    ? pairs
        .split(' ')
        .find(pair => pair.endsWith(code))
        ?.slice(0, 3)
    : undefined
}

function expectString(code: unknown): void {
  if (typeof code !== 'string') throw misuse('code', 'a string')
}
