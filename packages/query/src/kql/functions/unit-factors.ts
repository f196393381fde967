/** Size of each unit in the base unit of its kind. Sources: the SI brochure, NIST Special Publication 811 appendix B. */
export type Units = Readonly<Record<string, number>>

const DEGREE = 180 / Math.PI
/** In degrees. `Tilt` is the sine of an angle and is computed apart. */
export const ANGLES: Units = {
  Arcminute: 1 / 60,
  Arcsecond: 1 / 3600,
  Centiradian: DEGREE / 100,
  Deciradian: DEGREE / 10,
  Degree: 1,
  Gradian: 0.9,
  Microdegree: 1e-6,
  Microradian: DEGREE / 1e6,
  Millidegree: 1e-3,
  Milliradian: DEGREE / 1e3,
  Nanodegree: 1e-9,
  Nanoradian: DEGREE / 1e9,
  NatoMil: 9 / 160,
  Radian: DEGREE,
  Revolution: 360,
}

const BTU = 1055.05585262
const ELECTRON_VOLT = 1.602176634e-19
/** In joules. */
export const ENERGIES: Units = {
  BritishThermalUnit: BTU,
  Calorie: 4.184,
  DecathermEc: BTU * 1e6,
  DecathermImperial: 1.05505585257348e9,
  DecathermUs: 1.054804e9,
  ElectronVolt: ELECTRON_VOLT,
  Erg: 1e-7,
  FootPound: 1.3558179483314,
  GigabritishThermalUnit: BTU * 1e9,
  GigaelectronVolt: ELECTRON_VOLT * 1e9,
  Gigajoule: 1e9,
  GigawattDay: 8.64e13,
  GigawattHour: 3.6e12,
  HorsepowerHour: 2684519.5376961,
  Joule: 1,
  KilobritishThermalUnit: BTU * 1e3,
  Kilocalorie: 4184,
  KiloelectronVolt: ELECTRON_VOLT * 1e3,
  Kilojoule: 1e3,
  KilowattDay: 8.64e7,
  KilowattHour: 3.6e6,
  MegabritishThermalUnit: BTU * 1e6,
  Megacalorie: 4.184e6,
  MegaelectronVolt: ELECTRON_VOLT * 1e6,
  Megajoule: 1e6,
  MegawattDay: 8.64e10,
  MegawattHour: 3.6e9,
  Millijoule: 1e-3,
  TeraelectronVolt: ELECTRON_VOLT * 1e12,
  TerawattDay: 8.64e16,
  TerawattHour: 3.6e15,
  ThermEc: BTU * 1e5,
  ThermImperial: 1.05505585257348e8,
  ThermUs: 1.054804e8,
  WattDay: 86_400,
  WattHour: 3600,
}

const POUND_FORCE = 4.4482216152605
/** In newtons. */
export const FORCES: Units = {
  Decanewton: 10,
  Dyn: 1e-5,
  KilogramForce: 9.80665,
  Kilonewton: 1e3,
  KiloPond: 9.80665,
  KilopoundForce: POUND_FORCE * 1e3,
  Meganewton: 1e6,
  Micronewton: 1e-6,
  Millinewton: 1e-3,
  Newton: 1,
  OunceForce: POUND_FORCE / 16,
  Poundal: 0.138254954376,
  PoundForce: POUND_FORCE,
  ShortTonForce: POUND_FORCE * 2000,
  TonneForce: 9806.65,
}

const LIGHT_YEAR = 9.4607304725808e15
const PARSEC = 3.085677581491367e16
/** In metres. */
export const LENGTHS: Units = {
  Angstrom: 1e-10,
  AstronomicalUnit: 149_597_870_700,
  Centimeter: 0.01,
  Chain: 20.1168,
  DataMile: 1828.8,
  Decameter: 10,
  Decimeter: 0.1,
  DtpPica: 0.0254 / 6,
  DtpPoint: 0.0254 / 72,
  Fathom: 1.8288,
  Foot: 0.3048,
  Hand: 0.1016,
  Hectometer: 100,
  Inch: 0.0254,
  KilolightYear: LIGHT_YEAR * 1e3,
  Kilometer: 1000,
  Kiloparsec: PARSEC * 1e3,
  LightYear: LIGHT_YEAR,
  MegalightYear: LIGHT_YEAR * 1e6,
  Megaparsec: PARSEC * 1e6,
  Meter: 1,
  Microinch: 2.54e-8,
  Micrometer: 1e-6,
  Mil: 2.54e-5,
  Mile: 1609.344,
  Millimeter: 1e-3,
  Nanometer: 1e-9,
  NauticalMile: 1852,
  Parsec: PARSEC,
  PrinterPica: (0.0254 * 12) / 72.27,
  PrinterPoint: 0.0254 / 72.27,
  Shackle: 27.432,
  SolarRadius: 6.9551e8,
  Twip: 0.0254 / 1440,
  UsSurveyFoot: 1200 / 3937,
  Yard: 0.9144,
}

const POUND = 0.45359237
/** In kilograms. */
export const MASSES: Units = {
  Centigram: 1e-5,
  Decagram: 0.01,
  Decigram: 1e-4,
  EarthMass: 5.9722e24,
  Grain: 6.479891e-5,
  Gram: 1e-3,
  Hectogram: 0.1,
  Kilogram: 1,
  Kilopound: POUND * 1e3,
  Kilotonne: 1e6,
  LongHundredweight: POUND * 112,
  LongTon: POUND * 2240,
  Megapound: POUND * 1e6,
  Megatonne: 1e9,
  Microgram: 1e-9,
  Milligram: 1e-6,
  Nanogram: 1e-12,
  Ounce: POUND / 16,
  Pound: POUND,
  ShortHundredweight: POUND * 100,
  ShortTon: POUND * 2000,
  Slug: 14.593902937206364,
  SolarMass: 1.98892e30,
  Stone: POUND * 14,
  Tonne: 1e3,
}

/** `MeterPerHour` …: every length of the list over every time of it, in metres a second. */
function speeds(): Units {
  const lengths = ['Centimeter', 'Decimeter', 'Foot', 'Inch', 'Kilometer', 'Meter', 'Micrometer', 'Mile', 'Millimeter']
  const times: Units = { Hour: 3600, Minute: 60, Second: 1 }
  const pairs = [...lengths, 'Nanometer', 'UsSurveyFoot', 'Yard'].flatMap((length) =>
    Object.entries(times).map(([time, seconds]) => [`${length}Per${time}`, (LENGTHS[length] ?? 1) / seconds] as const),
  )
  return { ...Object.fromEntries(pairs), Knot: 1852 / 3600 }
}
export const SPEEDS: Units = speeds()

const US_GALLON = 0.003785411784
const IMPERIAL_GALLON = 0.00454609
const CUBIC_FOOT = 0.3048 ** 3
/** In cubic metres. An acre-foot is what the Kusto documentation's example says it is, one part in a million off. */
export const VOLUMES: Units = {
  AcreFoot: 1 / 0.000810714,
  AuTablespoon: 2e-5,
  BoardFoot: CUBIC_FOOT / 12,
  Centiliter: 1e-5,
  CubicCentimeter: 1e-6,
  CubicDecimeter: 1e-3,
  CubicFoot: CUBIC_FOOT,
  CubicHectometer: 1e6,
  CubicInch: 0.0254 ** 3,
  CubicKilometer: 1e9,
  CubicMeter: 1,
  CubicMicrometer: 1e-18,
  CubicMile: 1609.344 ** 3,
  CubicMillimeter: 1e-9,
  CubicYard: 0.9144 ** 3,
  Decaliter: 0.01,
  DecausGallon: US_GALLON * 10,
  Deciliter: 1e-4,
  DeciusGallon: US_GALLON / 10,
  HectocubicFoot: CUBIC_FOOT * 100,
  HectocubicMeter: 100,
  Hectoliter: 0.1,
  HectousGallon: US_GALLON * 100,
  ImperialBeerBarrel: IMPERIAL_GALLON * 36,
  ImperialGallon: IMPERIAL_GALLON,
  ImperialOunce: IMPERIAL_GALLON / 160,
  ImperialPint: IMPERIAL_GALLON / 8,
  KilocubicFoot: CUBIC_FOOT * 1e3,
  KilocubicMeter: 1e3,
  KiloimperialGallon: IMPERIAL_GALLON * 1e3,
  Kiloliter: 1,
  KilousGallon: US_GALLON * 1e3,
  Liter: 1e-3,
  MegacubicFoot: CUBIC_FOOT * 1e6,
  MegaimperialGallon: IMPERIAL_GALLON * 1e6,
  Megaliter: 1e3,
  MegausGallon: US_GALLON * 1e6,
  MetricCup: 2.5e-4,
  MetricTeaspoon: 5e-6,
  Microliter: 1e-9,
  Milliliter: 1e-6,
  OilBarrel: US_GALLON * 42,
  UkTablespoon: 1.5e-5,
  UsBeerBarrel: US_GALLON * 31,
  UsCustomaryCup: US_GALLON / 16,
  UsGallon: US_GALLON,
  UsLegalCup: 2.4e-4,
  UsOunce: US_GALLON / 128,
  UsPint: US_GALLON / 8,
  UsQuart: US_GALLON / 4,
  UsTablespoon: US_GALLON / 256,
  UsTeaspoon: US_GALLON / 768,
}

/** A degree of a scale is `kelvins`, and its zero lies at `zero` kelvins. */
export const TEMPERATURES: Readonly<Record<string, { readonly kelvins: number; readonly zero: number }>> = {
  DegreeCelsius: { kelvins: 1, zero: 273.15 },
  DegreeDelisle: { kelvins: -2 / 3, zero: 373.15 },
  DegreeFahrenheit: { kelvins: 5 / 9, zero: 459.67 * (5 / 9) },
  DegreeNewton: { kelvins: 100 / 33, zero: 273.15 },
  DegreeRankine: { kelvins: 5 / 9, zero: 0 },
  DegreeReaumur: { kelvins: 1.25, zero: 273.15 },
  DegreeRoemer: { kelvins: 40 / 21, zero: 273.15 - 7.5 * (40 / 21) },
  Kelvin: { kelvins: 1, zero: 0 },
  MillidegreeCelsius: { kelvins: 1e-3, zero: 273.15 },
  SolarTemperature: { kelvins: 5778, zero: 0 },
}
