// The first start, in three steps to the first own record: choose a way, give the notebook its lock and its person, take
// the record in. The recovery kit is not in the way: it is offered afterwards, and the core remembers that.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class FirstStart {
    /// How the first record comes.
    public enum Way: CaseIterable, Sendable {
        case file
        case fetch
        case sample
    }

    public enum Step: Int, Sendable, CaseIterable {
        case way = 1
        case lock
        case record
    }

    public private(set) var step: Step = .way
    public private(set) var way: Way?
    public var person = PersonForm()
    /// The person is added later, in the notebook.
    public var addsPersonLater = false
    public var passphrase = ""
    public var repeated = ""
    public var usesDeviceLock = false
    public private(set) var canUseDeviceLock = false
    /// The third step, when a file is taken in.
    public private(set) var importing: ImportModel?
    /// The third step, when it is fetched.
    public private(set) var fetching: FetchModel?
    public let effort: Effort
    public let words: Words

    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let opened: @MainActor (Notebook) async -> Void
    @ObservationIgnored private var notebook: Notebook?
    /// The agreement is written down once, also when the second step has to be corrected.
    @ObservationIgnored private var hasAgreed = false

    init(platform: Platform, words: Words, opened: @escaping @MainActor (Notebook) async -> Void) {
        self.platform = platform
        self.words = words
        self.opened = opened
        effort = Effort(words)
    }

    /// "1 / 3", for the eye and for VoiceOver.
    public var progressText: String { words.step(step.rawValue, of: Step.allCases.count) }

    /// The first step. Looking around with the sample family needs no second.
    public func choose(_ way: Way) async {
        self.way = way
        guard way == .sample else {
            canUseDeviceLock = await platform.deviceLock.isAvailable()
            usesDeviceLock = canUseDeviceLock
            step = .lock
            return
        }
        await effort.run {
            let home = sampleHome(platform)
            // Left from an earlier look around; nobody can open it.
            try? FileManager.default.removeItem(at: home)
            let language = words.language
            let vault = try await platform.background.run(.long) {
                try Vault.sample(dir: home.path, language: language)
            }
            await opened(Notebook(vault, platform: platform, words: words))
        }
    }

    /// One step back. What was typed stays.
    public func back() {
        if step == .lock { step = .way }
    }

    /// Why the second step cannot be finished yet, in words; `nil` when it can.
    public var missing: String? {
        if !addsPersonLater, let missing = person.missing(words) { return missing }
        if passphrase.isEmpty { return usesDeviceLock ? nil : words(.passphraseMissing) }
        return passphrase == repeated ? nil : words(.passphrasesDiffer)
    }

    /// The second step: makes the notebook, with the lock and the person, and says which texts were agreed to.
    public func makeNotebook() async {
        guard step == .lock, missing == nil else { return }
        await effort.run {
            let notebook = try await createdNotebook()
            let (person, hasAgreed) = (addsPersonLater ? nil : person.newPerson, self.hasAgreed)
            self.hasAgreed = true
            let added = try await notebook.vault.quick { vault in
                if !hasAgreed {
                    for kind in [LegalKind.privacy, .terms] {
                        try vault.agree(kind: kind, version: legalText(kind: kind, language: .japanese).version)
                    }
                }
                // Last, because this is what can be wrong and is then tried again.
                return try person.map { try vault.addPerson(person: $0) }
            }
            passphrase = ""
            repeated = ""
            notebook.personID = added?.id
            await notebook.arrive()
            // Without a person there is nobody whose record could come.
            if added == nil { return await opened(notebook) }
            if way == .fetch { fetching = FetchModel(notebook) } else { importing = ImportModel(notebook) }
            step = .record
        }
    }

    /// Whether the third step brought something.
    public var hasFirstRecord: Bool {
        if case .done = fetching?.stage { return true }
        return importing?.done != nil
    }

    /// Restoring a backup in place of a first record.
    public func restoring() -> RestoreModel {
        RestoreModel(platform: platform, words: words, opened: opened)
    }

    /// The third step is done, or put off: into the notebook.
    public func finish() async {
        guard let notebook else { return }
        await opened(notebook)
    }

    /// Once: the person may have had to correct their birthday after the notebook was made.
    private func createdNotebook() async throws -> Notebook {
        if let notebook { return notebook }
        let (home, language) = (platform.home.path, words.language)
        var secret: Data?
        if usesDeviceLock {
            let made = try makeDeviceSecret()
            // Sealed first: a slot whose secret was never kept would be a lock without a key.
            try await platform.deviceLock.seal(made)
            secret = made
        }
        let keys = NewKeys(device: secret, passphrase: passphrase.isEmpty ? nil : passphrase)
        let vault = try await platform.background.run(.long) {
            try Vault.create(dir: home, keys: keys, language: language)
        }
        await platform.witness.forget()
        let made = Notebook(vault, platform: platform, words: words)
        notebook = made
        return made
    }
}
