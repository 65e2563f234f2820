// One thing a screen is doing: whether it runs, and what went wrong. Every view model has one, so that every screen shows
// waiting and faults in the same way and none of them forgets to.
import Observation

@MainActor @Observable public final class Effort {
    public private(set) var isBusy = false
    public private(set) var problem: Problem?

    @ObservationIgnored private let words: Words

    init(_ words: Words) {
        self.words = words
    }

    /// Runs `work` and keeps its fault, if there is one. A second effort while one runs is a double tap and is left out.
    /// - Returns: whether it ran to its end.
    @discardableResult
    func run(_ work: @MainActor () async throws -> Void) async -> Bool {
        guard !isBusy else { return false }
        isBusy = true
        defer { isBusy = false }
        problem = nil
        do {
            try await work()
            return true
        } catch {
            problem = Problem(error, in: words)
            return false
        }
    }

    func fail(_ error: any Error) {
        problem = Problem(error, in: words)
    }

    /// The person has read it.
    public func dismissProblem() {
        problem = nil
    }
}
