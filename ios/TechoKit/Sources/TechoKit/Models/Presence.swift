// Whether the person who holds the phone is the one whose notebook it is, asked again before a fetch, an export, an
// erasure and before values are shown. The device's lock is asked first; the passphrase where that cannot answer.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class Presence {
    /// Whether the passphrase (or the code of the kit) is being asked for on the screen.
    public private(set) var isAsking = false
    /// Whether there is a passphrase at all; without one it is the code of the recovery kit that is asked for.
    public private(set) var asksForCode = false
    public let effort: Effort

    @ObservationIgnored private let vault: Apart<Vault>
    @ObservationIgnored private let platform: Platform
    @ObservationIgnored private let words: Words
    @ObservationIgnored private var waiting: CheckedContinuation<Bool, Never>?

    init(_ vault: Apart<Vault>, platform: Platform, words: Words) {
        self.vault = vault
        self.platform = platform
        self.words = words
        effort = Effort(words)
    }

    /// Returns when the person has shown who they are, or need not. Throws `CancellationError` when they turn back.
    func confirm(_ reason: Phrase) async throws {
        guard try await vault.quick({ try $0.needsPresence() }) else { return }
        let slots = try await vault.quick { try $0.slots() }
        if slots.contains(.device), await platform.deviceLock.holdsSecret() {
            do {
                let secret = try await platform.deviceLock.unseal(reason: words(reason))
                try await vault.long { try $0.confirmPresence(key: .device(secret: secret)) }
                return
            } catch DeviceLockError.cancelled {
                throw CancellationError()
            } catch is DeviceLockError {
                // Changed or blocked: there is another way in.
            } catch TechoError.WrongKey {
                // A secret of an older slot.
            }
        }
        asksForCode = !slots.contains(.passphrase)
        effort.dismissProblem()
        isAsking = true
        decideWaiting(false)
        let isPresent = await withCheckedContinuation { waiting = $0 }
        isAsking = false
        if !isPresent { throw CancellationError() }
    }

    /// The person typed the passphrase, or the code.
    public func answer(_ text: String) async {
        let key: Key = asksForCode ? .recovery(code: text) : .passphrase(text: text)
        let isRight = await effort.run { try await vault.long { try $0.confirmPresence(key: key) } }
        if isRight { decideWaiting(true) }
    }

    /// The person turned back.
    public func decline() { decideWaiting(false) }

    private func decideWaiting(_ isPresent: Bool) {
        waiting?.resume(returning: isPresent)
        waiting = nil
    }
}
