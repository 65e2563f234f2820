// The real phone, put together for TechoKit.
import Foundation
import TechoKit

@MainActor
enum DevicePlatform {
    static func make() -> Platform {
        let home = folder("vault")
        return Platform(
            deviceLock: EnclaveLock(sealed: folder("").appendingPathComponent("device.sealed")),
            witness: KeychainWitness(), cover: WindowCover(), picker: FilePicker(), shareSheet: ActivitySheet(),
            browser: WebBrowser(), printer: PaperPrinter(), clock: DeviceClock(), background: .shared,
            profile: { relayProfile() }, home: home, outbox: folder("outbox"), lamp: ScreenLamp(),
            posture: FacePosture(), press: WebPress(), cardKey: KeychainCardKey(), cards: folder("cards"))
    }

    /// The relay operator's profile: a data file that the operator adds to the app, or that came with a device profile.
    private nonisolated static func relayProfile() -> String? {
        guard let file = Bundle.main.url(forResource: "relay", withExtension: "toml") else { return nil }
        return try? String(contentsOf: file, encoding: .utf8)
    }

    /// A folder of the app's own that is protected by the phone's lock and stays out of the phone's own backups: the
    /// vault's keys belong to this device, and its backup is the one the person makes.
    private static func folder(_ name: String) -> URL {
        var root = URL.applicationSupportDirectory.appendingPathComponent("Techo", isDirectory: true)
        let protection = [FileAttributeKey.protectionKey: FileProtectionType.complete]
        try? FileManager.default.createDirectory(at: root, withIntermediateDirectories: true, attributes: protection)
        var values = URLResourceValues()
        values.isExcludedFromBackup = true
        try? root.setResourceValues(values)
        // The folder itself is the core's to make: a missing notebook must be seen as missing.
        return name.isEmpty ? root : root.appendingPathComponent(name, isDirectory: true)
    }
}
