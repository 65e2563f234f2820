// An open notebook: the library's vault apart from the main thread, and what all of its screens share. Screens are told
// by `edition` that something was filed or erased; nobody keeps records of their own.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class Notebook {
    public let words: Words
    public let presence: Presence
    public let veil: Veil
    /// Emergency cards that can be read while this notebook is locked.
    public let sealedCards: SealedCards
    /// Whether this is the throw-away notebook of the sample family.
    public let isSample: Bool
    /// Whether it was opened to read and export only, after damage.
    public let isRescue: Bool
    /// Grows whenever records came or went.
    public private(set) var edition = 0
    public private(set) var settings: SettingsState = .cautious
    /// Whose records are shown; `nil` is the whole family.
    public var personID: String?
    /// Whether the recovery kit should be offered now. The core remembers it when it is put off.
    public private(set) var needsRecoveryKit = false

    @ObservationIgnored let vault: Apart<Vault>
    @ObservationIgnored let platform: Platform

    init(_ vault: Vault, platform: Platform, words: Words, isRescue: Bool = false) {
        let apart = Apart(vault, on: platform.background)
        self.vault = apart
        self.platform = platform
        self.words = words
        self.isRescue = isRescue
        isSample = apart.instant { $0.isSample() }
        let presence = Presence(apart, platform: platform, words: words)
        self.presence = presence
        veil = Veil()
        sealedCards = SealedCards(
            apart, platform: platform, presence: presence, words: words, isAllowed: !isSample && !isRescue)
    }

    /// What must be known before the first screen: the settings, and whether the kit is to be offered.
    public func arrive() async {
        await readSettings()
        await refreshKitReminder()
        await sealedCards.renew(asks: false)
        await rememberPosition()
    }

    /// Something was filed, erased or agreed to.
    func hasChanged() async {
        edition += 1
        await refreshKitReminder()
        await sealedCards.renew(asks: true)
        await rememberPosition()
    }

    func readSettings() async {
        // Where the settings cannot be read, the cautious ones stay.
        guard let read = try? await vault.quick({ try $0.settings() }) else { return }
        settings = SettingsState(read)
        veil.isOn = read.hideValues
        platform.cover.forbidCapture(read.secureScreen)
    }

    func refreshKitReminder() async {
        guard !isSample, !isRescue else { return }
        needsRecoveryKit = (try? await vault.quick { try $0.needsRecoveryKit() }) ?? false
    }

    /// The shell's own memory of how far the notebook was, against an older copy of its files.
    private func rememberPosition() async {
        guard !isSample, !isRescue, let position = try? await vault.quick({ try $0.position() }) else { return }
        await platform.witness.remember(position.bytes)
    }

    /// Wipes the keys. The screens of this notebook are dropped by whoever held it.
    func lock() async {
        veil.draw()
        presence.decline()
        platform.lamp.giveBack()
        await rememberPosition()
        try? await vault.quick { $0.lock() }
        try? FileManager.default.removeItem(at: platform.outbox)
    }

    public var isLocked: Bool { vault.instant { $0.isLocked() } }
}
