// The person's choices, the keys of the notebook, whether it is whole, and the texts that were agreed to.
import Foundation
import Observation
import TechoCore

/// One switch, with the core's words for it.
public struct SwitchState: Identifiable, Equatable, Sendable {
    public let id: SettingsModel.Choice
    public let name: String
    public let isOn: Bool
    /// All of it in one line.
    public let text: String
}

/// The choices as they stand.
public struct SettingsState: Equatable, Sendable {
    public let reauthenticates: Bool
    public let hidesValues: Bool
    public let securesScreen: Bool
    public let notifies: Bool
    public let lockAfterMinutes: UInt32
    public let lockAfterText: String
    public let switches: [SwitchState]
    public let agreements: [AgreementState]
    /// What was agreed to and what was not, a line each.
    public let agreementLines: [String]

    /// Before they were read, and where they cannot be.
    static let cautious = SettingsState()

    private init() {
        (reauthenticates, hidesValues, securesScreen, notifies) = (true, true, true, false)
        (lockAfterMinutes, lockAfterText) = (1, "")
        (switches, agreements, agreementLines) = ([], [], [])
    }

    init(_ settings: Settings) {
        reauthenticates = settings.reauthenticate
        hidesValues = settings.hideValues
        securesScreen = settings.secureScreen
        notifies = settings.notifications
        lockAfterMinutes = settings.lockAfterMinutes
        lockAfterText = settings.lockAfterText
        switches = settings.switches.map {
            SwitchState(id: SettingsModel.Choice($0.setting), name: $0.name, isOn: $0.isOn, text: $0.text)
        }
        agreementLines = settings.agreed.map(\.text)
        // A text that was never agreed to has no version.
        agreements = settings.agreed.compactMap { agreed in
            guard let version = agreed.version, let at = agreed.atText else { return nil }
            return AgreementState(
                text: LegalModel.Text(agreed.kind), version: version, atText: at, isCurrent: agreed.isCurrent)
        }
    }
}

/// A text that was agreed to, in which version and when.
public struct AgreementState: Equatable, Sendable {
    public let text: LegalModel.Text
    public let version: String
    public let atText: String
    public let isCurrent: Bool
}

@MainActor @Observable public final class SettingsModel {
    public enum Choice: CaseIterable, Sendable {
        case reauthenticates
        case hidesValues
        case securesScreen
        case notifies
    }

    /// The minutes that can be chosen.
    public nonisolated static let lockMinutes: [UInt32] = [1, 5, 15]

    public private(set) var hasDeviceLock = false
    public private(set) var hasPassphrase = false
    public private(set) var hasRecoveryKit = false
    public private(set) var canUseDeviceLock = false
    public var newPassphrase = ""
    public var repeated = ""
    /// What the check of the whole notebook found; `nil` before it ran.
    public private(set) var isWhole: Bool?
    public private(set) var checkLines: [String] = []
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    public var settings: SettingsState { notebook.settings }

    public func load() async {
        canUseDeviceLock = await notebook.platform.deviceLock.isAvailable()
        await effort.run {
            await notebook.readSettings()
            try await readSlots()
        }
    }

    /// Turning a protection off asks who it is that turns it off; the core insists on it.
    public func set(_ choice: Choice, _ isOn: Bool) async {
        await effort.run {
            if !isOn { try await notebook.presence.confirm(.settingReason) }
            let setting = choice.inCore
            try await notebook.vault.quick { try $0.setSetting(setting: setting, on: isOn) }
            await notebook.readSettings()
        }
    }

    public func lockAfter(minutes: UInt32) async {
        await effort.run {
            try await notebook.vault.quick { try $0.setLockAfter(minutes: minutes) }
            await notebook.readSettings()
        }
    }

    // MARK: Keys

    public var missingForPassphrase: String? {
        if newPassphrase.isEmpty { return notebook.words(.passphraseMissing) }
        return newPassphrase == repeated ? nil : notebook.words(.passphrasesDiffer)
    }

    public func changePassphrase() async {
        guard missingForPassphrase == nil else { return }
        await effort.run {
            try await notebook.presence.confirm(.settingReason)
            let text = newPassphrase
            try await notebook.vault.long { try $0.setPassphrase(text: text) }
            (newPassphrase, repeated) = ("", "")
            try await readSlots()
        }
    }

    /// Sets the device's lock up, also again after faces or fingers were changed.
    public func useDeviceLock(_ isOn: Bool) async {
        await effort.run {
            try await notebook.presence.confirm(.settingReason)
            if isOn {
                let secret = try makeDeviceSecret()
                try await notebook.platform.deviceLock.seal(secret)
                try await notebook.vault.quick { try $0.setDeviceSecret(secret: secret) }
            } else {
                // The core refuses to take away the last key; only then is the secret forgotten.
                try await notebook.vault.quick { try $0.removeSlot(kind: .device) }
                await notebook.platform.deviceLock.forget()
            }
            try await readSlots()
        }
    }

    /// Proves page by page and record by record that nothing is missing.
    public func check() async {
        await effort.run {
            let found = try await notebook.vault.long { try $0.verify() }
            isWhole = found.ok
            let words = notebook.words
            checkLines = found.problems + found.people.map { words.root($0.name, $0.records, $0.root) }
        }
    }

    private func readSlots() async throws {
        let slots = try await notebook.vault.quick { try $0.slots() }
        hasDeviceLock = slots.contains(.device)
        hasPassphrase = slots.contains(.passphrase)
        hasRecoveryKit = slots.contains(.recovery)
    }
}

extension SettingsModel.Choice {
    init(_ setting: Setting) {
        switch setting {
        case .reauthenticate: self = .reauthenticates
        case .hideValues: self = .hidesValues
        case .secureScreen: self = .securesScreen
        case .notifications: self = .notifies
        }
    }

    fileprivate var inCore: Setting {
        switch self {
        case .reauthenticates: .reauthenticate
        case .hidesValues: .hideValues
        case .securesScreen: .secureScreen
        case .notifies: .notifications
        }
    }
}

/// The recovery kit: shown once, to be printed or copied onto paper.
@MainActor @Observable public final class RecoveryKitModel {
    public private(set) var title: String?
    public private(set) var code: String?
    public private(set) var lines: [String] = []
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook

    public init(_ notebook: Notebook) {
        self.notebook = notebook
        effort = Effort(notebook.words)
    }

    /// Makes a kit. An older one no longer opens the notebook.
    public func make() async {
        await effort.run {
            try await notebook.presence.confirm(.kitReason)
            let kit = try await notebook.vault.quick { try $0.makeRecoveryKit() }
            (title, code, lines) = (kit.title, kit.code, kit.lines)
            await notebook.hasChanged()
        }
    }

    /// Not now. The core reminds again after some days.
    public func postpone() async {
        await effort.run {
            try await notebook.vault.quick { try $0.postponeRecoveryKit() }
            await notebook.refreshKitReminder()
        }
    }

    public func print() async {
        guard let title, let code else { return }
        _ = await notebook.platform.printer.print(title: title, lines: [code] + lines)
    }

    /// The screen is left: the code is nowhere in the app any more.
    public func putAway() { (title, code, lines) = (nil, nil, []) }
}

/// Privacy policy, terms and contact.
@MainActor @Observable public final class LegalModel {
    public enum Text: CaseIterable, Sendable {
        case privacy
        case terms
        case contact

        init(_ kind: LegalKind) {
            switch kind {
            case .privacy: self = .privacy
            case .terms: self = .terms
            case .contact: self = .contact
            }
        }

        var inCore: LegalKind {
            switch self {
            case .privacy: .privacy
            case .terms: .terms
            case .contact: .contact
            }
        }
    }

    public let text: Text
    public let title: String
    public let version: String
    public let paragraphs: [String]
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook?

    /// - Parameter notebook: `nil` at the first start, before there is one.
    public init(_ text: Text, words: Words, notebook: Notebook? = nil) {
        self.text = text
        self.notebook = notebook
        let legal = legalText(kind: text.inCore, language: words.language)
        title = legal.title
        version = legal.version
        paragraphs = legal.paragraphs
        effort = Effort(words)
    }

    /// The agreement to this text, if there is one.
    public var agreement: AgreementState? {
        notebook?.settings.agreements.last { $0.text == text }
    }

    /// Whether this version still waits for a yes.
    public var needsAgreement: Bool {
        text != .contact && notebook != nil && agreement?.isCurrent != true
    }

    public func agree() async {
        guard let notebook, needsAgreement else { return }
        await effort.run {
            let (kind, version) = (text.inCore, version)
            try await notebook.vault.quick { try $0.agree(kind: kind, version: version) }
            await notebook.readSettings()
        }
    }
}
