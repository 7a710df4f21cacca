/**
 * The currencies of ISO 4217, by how many decimal digits their minor unit has: List One as published on 2024-06-25, and XCG,
 * which amendment 176 added. Funds are among them, such as CLF; codes without a minor unit are not, such as XAU (gold) and XXX.
 * `Intl` is no source: it knows the digits that CLDR displays, which for HUF or IDR are fewer, and other codes.
 * https://www.six-group.com/en/products-services/financial-information/data-standards.html
 */
const codesByDigits: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD ' +
    'CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP ' +
    'GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL ' +
    'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN ' +
    'QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD ' +
    'TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const digitsByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(codesByDigits).flatMap(([digits, codes]) =>
    codes.split(' ').map((code) => [code, Number(digits)] as const),
  ),
);

/** The codes of all currencies that an amount can have. */
export const currencies: readonly string[] = [...digitsByCode.keys()].toSorted();

/** The number of decimal digits of a currency: 2 for EUR, whose minor unit is the cent. Undefined for no currency of ISO 4217. */
export function minorDigits(currency: string): number | undefined {
  return digitsByCode.get(currency);
}
