// Where calls into the library run: never on the main thread. Two queues, so that a long call (an import, one exchange of
// a fetch) does not hold up a quick one (a page of the timeline). Dispatch queues and not an actor, because a call into
// the library blocks its thread, and Swift's cooperative pool has too few threads to lend.
import Dispatch
import Foundation

/// How long a function of the library may take, as its first line of documentation says.
public enum Pace: Sendable, CaseIterable {
    /// Less than 50 ms.
    case quick
    /// Anything up to minutes.
    case long
}

/// Whether the main thread is where we are. The queue is asked as well: on Linux the main queue may be served by any thread.
enum MainThread {
    // Dispatch's own lock guards what is set for a key.
    private nonisolated(unsafe) static let mark: DispatchSpecificKey<Bool> = {
        let key = DispatchSpecificKey<Bool>()
        DispatchQueue.main.setSpecific(key: key, value: true)
        return key
    }()

    static var isHere: Bool { Thread.isMainThread || DispatchQueue.getSpecific(key: mark) == true }
}

/// The threads that calls into the library run on.
public final class Background: Sendable {
    /// What the app uses; tests make their own and watch them.
    public static let shared = Background()

    private let quick = DispatchQueue(label: "jp.techo.quick", qos: .userInitiated)
    private let long = DispatchQueue(label: "jp.techo.long", qos: .utility, attributes: .concurrent)
    private let watcher: (@Sendable (Pace, Bool) -> Void)?

    /// - Parameter watcher: is told of every call, on its thread: its pace, and whether it is on the main thread.
    public init(watcher: (@Sendable (Pace, Bool) -> Void)? = nil) {
        self.watcher = watcher
    }

    /// Runs `work` on a queue and comes back with its answer. A cancelled task still waits for `work`: the library is
    /// told to stop by its own means (`stop()`), so that nothing is left half done behind our back.
    public func run<Answer: Sendable>(
        _ pace: Pace, _ work: @escaping @Sendable () throws -> Answer
    ) async throws -> Answer {
        let queue = pace == .quick ? quick : long
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [watcher] in
                watcher?(pace, MainThread.isHere)
                continuation.resume(with: Result { try work() })
            }
        }
    }
}

/// An object of the library, kept apart from the main thread: whoever wants to ask it something has to say how long that
/// may take, and only what is marked *instant* is answered on the spot.
public final class Apart<Object: AnyObject & Sendable>: Sendable {
    private let object: Object
    private let background: Background

    public init(_ object: Object, on background: Background) {
        self.object = object
        self.background = background
    }

    public func quick<Answer: Sendable>(
        _ ask: @escaping @Sendable (Object) throws -> Answer
    ) async throws -> Answer {
        try await background.run(.quick) { [object] in try ask(object) }
    }

    public func long<Answer: Sendable>(
        _ ask: @escaping @Sendable (Object) throws -> Answer
    ) async throws -> Answer {
        try await background.run(.long) { [object] in try ask(object) }
    }

    /// For functions marked *instant* only; a test compares the marks with what is asked through here.
    public func instant<Answer>(_ ask: (Object) throws -> Answer) rethrows -> Answer {
        try ask(object)
    }

    /// Keeps another object, which this one gave, apart in the same way.
    func beside<Other: AnyObject & Sendable>(_ other: Other) -> Apart<Other> {
        Apart<Other>(other, on: background)
    }
}
