// Opening the notebook: by the device's lock, the passphrase or the recovery kit. A lock that no longer works leads to
// another key and never to a new, empty notebook; damage is named, and what can be done about it is the person's choice.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class Unlock {
    public enum Way: CaseIterable, Sendable {
        case device
        case passphrase
        case recovery
    }

    /// The ways that can still work, the most convenient first.
    public private(set) var ways: [Way] = []
    public var passphrase = ""
    public var code = ""
    /// After the recovery kit was used: a new passphrase has to be chosen before going on.
    public private(set) var mustChoosePassphrase = false
    public var newPassphrase = ""
    /// The notebook is damaged, old or unproven: reading it out and accepting the loss are offered.
    public private(set) var isDamaged = false
    /// The device's lock no longer opens this notebook and should be set up again.
    public private(set) var deviceLockIsGone = false
    public let effort: Effort
    public let words: Words
    /// Emergency cards that their people allowed to be read without opening the notebook.
    public let cards: LockedCardsModel

    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let opened: @MainActor (Notebook) async -> Void
    /// The key that was right, for what is offered after damage; forgotten with this screen.
    @ObservationIgnored private var key: Key?
    @ObservationIgnored private var recovered: Notebook?

    init(platform: Platform, words: Words, opened: @escaping @MainActor (Notebook) async -> Void) {
        self.platform = platform
        self.words = words
        self.opened = opened
        effort = Effort(words)
        cards = LockedCardsModel(platform, words)
    }

    /// Which ways there are.
    func prepare() async {
        let home = platform.home.path
        // Unreadable slots: the passphrase is asked for, and the opening says what is wrong.
        let kinds = (try? await platform.background.run(.quick) { try slotKinds(dir: home) }) ?? [.passphrase]
        var found: [Way] = []
        if kinds.contains(.device) {
            if await platform.deviceLock.holdsSecret() { found.append(.device) } else { deviceLockIsGone = true }
        }
        if kinds.contains(.passphrase) { found.append(.passphrase) }
        if kinds.contains(.recovery) { found.append(.recovery) }
        ways = found
    }

    /// Opens with the device's lock. Where its secret is gone, the other ways stay.
    public func withDevice() async {
        await effort.run {
            do {
                let secret = try await platform.deviceLock.unseal(reason: words(.unlockReason))
                try await open(.device(secret: secret))
            } catch let error as DeviceLockError where error == .changed {
                deviceIsOut()
                throw error
            } catch TechoError.WrongKey {
                // The secret is there and is not this notebook's: as good as changed.
                deviceIsOut()
                throw DeviceLockError.changed
            }
        }
    }

    public func withPassphrase() async {
        await effort.run { try await open(.passphrase(text: passphrase)) }
    }

    /// Opens with the code of the recovery kit; a new passphrase is chosen next.
    public func withRecovery() async {
        await effort.run {
            let notebook = try await openedNotebook(.recovery(code: code))
            code = ""
            recovered = notebook
            mustChoosePassphrase = true
        }
    }

    /// The last step after the recovery kit.
    public func choosePassphrase() async {
        guard let recovered else { return }
        await effort.run {
            let text = newPassphrase
            try await recovered.vault.long { try $0.setPassphrase(text: text) }
            newPassphrase = ""
            await opened(recovered)
        }
    }

    /// Opens a damaged notebook to read and export what is left.
    public func rescue() async {
        guard let key else { return }
        await effort.run {
            let (home, language) = (platform.home.path, words.language)
            let vault = try await platform.background.run(.long) {
                try Vault.rescue(dir: home, key: key, language: language)
            }
            await opened(Notebook(vault, platform: platform, words: words, isRescue: true))
        }
    }

    /// Goes on with what is left, on the person's word. The damaged files are kept aside.
    public func acceptLoss() async {
        guard let key else { return }
        await effort.run {
            let (home, language) = (platform.home.path, words.language)
            let vault = try await platform.background.run(.long) {
                try Vault.acceptLoss(dir: home, key: key, language: language)
            }
            await platform.witness.forget()
            await opened(Notebook(vault, platform: platform, words: words))
        }
    }

    /// Restoring a backup, for a notebook that is lost.
    public func restoring() -> RestoreModel {
        RestoreModel(platform: platform, words: words, opened: opened)
    }

    private func deviceIsOut() {
        ways.removeAll { $0 == .device }
        deviceLockIsGone = true
    }

    private func open(_ key: Key) async throws {
        let notebook = try await openedNotebook(key)
        passphrase = ""
        await opened(notebook)
    }

    private func openedNotebook(_ key: Key) async throws -> Notebook {
        let (home, language) = (platform.home.path, words.language)
        let seen = await platform.witness.remembered().map { Position(bytes: $0) }
        do {
            let vault = try await platform.background.run(.long) {
                try Vault.open(dir: home, key: key, seen: seen, language: language)
            }
            isDamaged = false
            return Notebook(vault, platform: platform, words: words)
        } catch let error as TechoError where error.isDamage {
            self.key = key
            isDamaged = true
            throw error
        }
    }
}

extension TechoError {
    /// Whether reading out and accepting the loss can help.
    var isDamage: Bool {
        switch self {
        case .VaultDamaged, .VaultRolledBack, .VaultForked, .VaultUnproven: true
        default: false
        }
    }
}
