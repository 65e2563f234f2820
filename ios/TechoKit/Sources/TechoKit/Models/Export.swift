// What goes out: an export in a format the person chose, and the backup. The file is made by the core in a place of the
// app's own and leaves by the system's picker or share sheet; what was not handed over is removed.
import Foundation
import Observation
import TechoCore

/// How a file leaves.
public enum WayOut: CaseIterable, Sendable {
    /// Kept where the person says.
    case keep
    case share
}

@MainActor @Observable public final class ExportModel {
    public enum Format: CaseIterable, Sendable {
        case techo
        case originals
        case fhir
        case csv
        case ips
        case phr
        case jahis
        case kenshin
        case portal
    }

    public var format: Format = .techo
    /// `nil` is everybody.
    public var personID: String?
    /// Seals a Techo archive; empty leaves it open.
    public var passphrase = ""
    public private(set) var doneText: String?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        personID = notebook.personID
        effort = Effort(notebook.words)
    }

    /// Whether this format can be sealed with a passphrase.
    public var canSeal: Bool { format == .techo }

    /// What has to be known before: an open file can be read by whoever finds it.
    public var warning: String? { canSeal && !passphrase.isEmpty ? nil : notebook.words(.openFileWarning) }

    public func export(_ way: WayOut) async {
        doneText = nil
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let (format, person) = (format.inCore, personID)
            let seal = canSeal && !passphrase.isEmpty ? passphrase : nil
            let day = Formatting.fileDay(notebook.platform.clock.now())
            let outbox = notebook.platform.outbox
            let name = "techo-\(day).\(ending(isSealed: seal != nil))"
            let (file, text) = try await notebook.vault.long { vault in
                let file = try Outbox.fresh(name, in: outbox)
                let done = try vault.export(format: format, person: person, passphrase: seal, out: file.path)
                return (file, done.text)
            }
            if await handOver(file, way, notebook.platform) { doneText = text }
            passphrase = ""
            await notebook.hasChanged()
        }
    }

    private func ending(isSealed: Bool) -> String {
        switch format {
        case .techo: isSealed ? "age" : "tar"
        case .originals: "zip"
        case .fhir: "json"
        case .csv: "csv"
        case .ips: "ips.json"
        case .phr: "phr"
        case .jahis: "txt"
        case .kenshin: "kenshin.zip"
        case .portal: "mynaportal.zip"
        }
    }
}

extension ExportModel.Format {
    fileprivate var inCore: ExportFormat {
        switch self {
        case .techo: .techo
        case .originals: .originals
        case .fhir: .fhir
        case .csv: .csv
        case .ips: .ips
        case .phr: .phr
        case .jahis: .jahis
        case .kenshin: .kenshin
        case .portal: .portal
        }
    }
}

/// The backup of the whole notebook, always sealed.
@MainActor @Observable public final class BackupModel {
    public var passphrase = ""
    public var repeated = ""
    public private(set) var doneText: String?
    public private(set) var lines: [String] = []
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    public var missing: String? {
        if passphrase.isEmpty { return notebook.words(.passphraseMissing) }
        return passphrase == repeated ? nil : notebook.words(.passphrasesDiffer)
    }

    public func backUp(_ way: WayOut) async {
        guard missing == nil else { return }
        (doneText, lines) = (nil, [])
        await effort.run {
            try await notebook.presence.confirm(.exportReason)
            let (secret, outbox) = (passphrase, notebook.platform.outbox)
            let name = "techo-\(Formatting.fileDay(notebook.platform.clock.now())).age"
            let (file, done) = try await notebook.vault.long { vault in
                let file = try Outbox.fresh(name, in: outbox)
                return (file, try vault.backup(out: file.path, passphrase: secret))
            }
            if await handOver(file, way, notebook.platform) {
                doneText = done.text
                lines = done.people.map { notebook.words.archivePerson($0.name, $0.records, isWhole: $0.isWhole) }
            }
            (passphrase, repeated) = ("", "")
            await notebook.hasChanged()
        }
    }
}

/// - Returns: whether the file left. It is removed here in any case.
@MainActor func handOver(_ file: URL, _ way: WayOut, _ platform: Platform) async -> Bool {
    defer { Outbox.remove(file) }
    switch way {
    case .keep: return await platform.picker.place(file)
    case .share:
        await platform.shareSheet.share(file)
        return true
    }
}

/// A backup that becomes the notebook of this phone.
@MainActor @Observable public final class RestoreModel {
    public private(set) var fileName: String?
    /// Of the backup.
    public var passphrase = ""
    /// For the notebook on this phone.
    public var newPassphrase = ""
    public var usesDeviceLock = false
    public private(set) var canUseDeviceLock = false
    public private(set) var doneText: String?
    public private(set) var lines: [String] = []
    public let effort: Effort
    public let words: Words

    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let opened: @MainActor (Notebook) async -> Void
    @ObservationIgnored private var file: PickedFile?
    @ObservationIgnored private var key: Key?

    init(platform: Platform, words: Words, opened: @escaping @MainActor (Notebook) async -> Void) {
        self.platform = platform
        self.words = words
        self.opened = opened
        effort = Effort(words)
    }

    public func pick() async {
        canUseDeviceLock = await platform.deviceLock.isAvailable()
        guard let picked = await platform.picker.pick() else { return }
        file?.done()
        file = picked
        fileName = picked.name
    }

    public var missing: String? {
        if fileName == nil { return words(.chooseBackup) }
        return newPassphrase.isEmpty && !usesDeviceLock ? words(.passphraseMissing) : nil
    }

    /// Reads the backup into a new notebook. One that is there already is never written over: the core refuses.
    public func restoreBackup() async {
        guard missing == nil, let path = file?.path else { return }
        await effort.run {
            let home = platform.home.path
            // Before anything of the device's lock is replaced.
            if vaultExists(dir: home) { throw TechoError.VaultExists }
            var secret: Data?
            if usesDeviceLock {
                let made = try makeDeviceSecret()
                try await platform.deviceLock.seal(made)
                secret = made
            }
            let keys = NewKeys(device: secret, passphrase: newPassphrase.isEmpty ? nil : newPassphrase)
            let (sealed, language) = (passphrase.isEmpty ? nil : passphrase, words.language)
            let done = try await platform.background.run(.long) {
                try restore(dir: home, keys: keys, archive: path, passphrase: sealed, language: language)
            }
            await platform.witness.forget()
            key = secret.map { .device(secret: $0) } ?? .passphrase(text: newPassphrase)
            doneText = done.text
            lines = done.people.map { words.archivePerson($0.name, $0.records, isWhole: $0.isWhole) }
            (passphrase, newPassphrase) = ("", "")
            file?.done()
            file = nil
        }
    }

    /// Into the restored notebook.
    public func open() async {
        guard let key else { return }
        await effort.run {
            let (home, language) = (platform.home.path, words.language)
            let vault = try await platform.background.run(.long) {
                try Vault.open(dir: home, key: key, seen: nil, language: language)
            }
            self.key = nil
            await opened(Notebook(vault, platform: platform, words: words))
        }
    }
}
