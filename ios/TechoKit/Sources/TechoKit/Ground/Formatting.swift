// How bare values become text. Dates, names and sentences come from the core; this joins and counts.
import Foundation

public enum Formatting {
    /// A value with its unit: units that are words or letters stand apart, percent and degrees do not.
    public static func value(_ value: String, unit: String?) -> String {
        guard let unit, !unit.isEmpty else { return value }
        return ["%", "％", "℃", "°"].contains(where: unit.hasPrefix) ? value + unit : "\(value) \(unit)"
    }

    /// 1284 as `1,284`, in every language and region the same.
    public static func count(_ number: UInt64) -> String {
        let digits = Array(String(number))
        return String(
            digits.enumerated().flatMap { place, digit in
                (digits.count - place).isMultiple(of: 3) && place > 0 ? [",", digit] : [digit]
            })
    }

    /// A name that a file may have: without folders, and never empty or hidden.
    public static func fileName(_ name: String) -> String {
        let last = name.split(whereSeparator: { "/\\:".contains($0) || $0.isNewline }).last.map(String.init) ?? ""
        let bare = last.drop { $0 == "." || $0.isWhitespace }
        return bare.isEmpty ? "techo" : String(bare.prefix(120))
    }

    /// The day it is where the phone is, as in `2026-05-03`.
    public static func day(_ instant: Date) -> String {
        let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: instant)
        let two = { (number: Int?) in (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
    }

    /// A day for the name of a file that goes out, in Japan's time.
    public static func fileDay(_ instant: Date) -> String {
        // The offset is fixed: Japan has no summer time, and the time zone's table need not be there.
        let seconds = instant.timeIntervalSince1970 + 9 * 3600
        return ISO8601DateFormatter.string(
            from: Date(timeIntervalSince1970: seconds), timeZone: .gmt, formatOptions: [.withFullDate])
    }
}
