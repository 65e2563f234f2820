// What went wrong, as a person reads it: what happened, and what can be done. The sentences come from the core; only what
// the core cannot know (the device's own lock, a browser that was closed) is said here.
import Foundation
import TechoCore

/// A fault, ready to be shown.
public struct Problem: Equatable, Sendable {
    /// Which fault it is: the same short word in all shells, for example `wrong_passphrase`. Never shown.
    public let kind: String
    public let what: String
    public let todo: String

    public init(kind: String, what: String, todo: String) {
        self.kind = kind
        self.what = what
        self.todo = todo
    }

    /// What VoiceOver reads.
    public var spoken: String { todo.isEmpty ? what : "\(what) \(todo)" }
}

extension Problem {
    init(_ trouble: Trouble) {
        self.init(kind: trouble.kind, what: trouble.what, todo: trouble.todo)
    }

    /// - Returns: `nil` for what is no fault: the person turned back, or the task was cancelled.
    init?(_ error: any Error, in words: Words) {
        switch error {
        case let error as TechoError:
            let trouble = errorText(error: error, language: words.language)
            self.init(trouble)
        case let error as DeviceLockError:
            guard let phrases = error.phrases else { return nil }
            self.init(kind: error.kind, what: words(phrases.what), todo: words(phrases.todo))
        case BrowserError.closed:
            return nil
        case BrowserError.unavailable:
            self.init(kind: "browser", what: words(.noBrowser), todo: words(.tryAgain))
        case let said as Said:
            self.init(kind: said.kind, what: words(said.what), todo: said.todo.map { words($0) } ?? "")
        case let missing as Missing:
            self.init(kind: "form", what: missing.what, todo: "")
        case is CancellationError:
            return nil
        default:
            // Foreign error text may quote a path or a name, so it goes no further.
            self.init(kind: "unexpected", what: words(.unexpected), todo: words(.tryAgain))
        }
    }
}

/// A fault that the shell finds by itself.
struct Said: Error {
    let kind: String
    let what: Phrase
    var todo: Phrase?
}
