// That no call into the library that may take time is on the main thread: by the marks of the generated functions, and by
// watching the threads.
import Dispatch
import Foundation
import Synchronization
import Testing

@testable import TechoKit

@Suite struct BackgroundTests {
    @Test @MainActor func workIsNeverOnTheMainThread() async throws {
        let watch = Watch()
        let background = Background { watch.take($0, $1) }
        #expect(MainThread.isHere, "the main actor is seen as what it is, or the rest proves nothing")
        for pace in Pace.allCases {
            let isOnMain = try await background.run(pace) { MainThread.isHere }
            #expect(!isOnMain)
        }
        #expect(watch.sum == (quick: 1, long: 1, onMain: 0))
    }

    @Test @MainActor func aLongCallDoesNotHoldUpAQuickOne() async throws {
        let background = Background()
        let gate = DispatchSemaphore(value: 0)
        async let long: Int = background.run(.long) {
            gate.wait()
            return 1
        }
        // Comes back although the long one cannot.
        let quick = try await background.run(.quick) { 2 }
        #expect(quick == 2)
        gate.signal()
        #expect(try await long == 1)
    }

    @Test func aFaultComesBackAsItWas() async {
        await #expect(throws: BrowserError.closed) {
            try await Background().run(.quick) { throw BrowserError.closed }
        }
    }
}

/// The marks *instant*, *quick* and *long* of the generated functions.
@Suite struct MarkTests {
    static let generated = "ios/TechoKit/Sources/TechoCore/TechoCore.swift"

    /// Name of a function → the first line of its documentation.
    static func marks() throws -> [String: String] {
        let text = try String(contentsOf: Checkout.root.appendingPathComponent(generated), encoding: .utf8)
        var marks: [String: String] = [:]
        var first: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map({
            $0.trimmingCharacters(in: .whitespaces)
        }) {
            if line.hasPrefix("/**") {
                first = nil
            } else if line.hasPrefix("* "), first == nil {
                first = String(line.dropFirst(2))
            } else if let found = line.firstMatch(of: /^(?:open|public(?: static)?) func (\w+)\(/) {
                if let mark = first, mark.hasPrefix("*") { marks[String(found.1)] = mark.lowercased() }
                first = nil
            } else if !line.hasPrefix("*") {
                first = nil
            }
        }
        return marks
    }

    @Test func everyGeneratedFunctionHasAMark() throws {
        let marks = try Self.marks()
        #expect(marks.count > 60)
        #expect(marks["timeline"]?.hasPrefix("*quick") == true)
        #expect(marks["verify"]?.hasPrefix("*long") == true)
        #expect(marks["kinds"]?.hasPrefix("*instant") == true)
    }

    /// An object of the library can be asked only through `Apart`, and its door for the main thread is `instant`.
    @Test func onlyInstantFunctionsAreAskedOnTheSpot() throws {
        let marks = try Self.marks()
        var asked: Set<String> = []
        for (name, text) in try Checkout.sources("ios/TechoKit/Sources/TechoKit") {
            for use in text.matches(of: /instant\s*[({]+\s*(?:try )?\$0\.(\w+)/) {
                let function = String(use.1)
                asked.insert(function)
                #expect(marks[function]?.hasPrefix("*instant") == true, "\(name): \(function) is not instant")
            }
            // Every use of the door is one that the line above understands.
            let doors = text.matches(of: /\.instant\s*[({]/).count
            let understood = text.matches(of: /\.instant\s*[({]+\s*(?:try )?\$0\.\w+/).count
            #expect(doors == understood, "\(name): a use of instant that the test cannot read")
        }
        #expect(asked.count > 3)
    }

    /// Free functions and constructors that take time stand inside `background.run`.
    @Test func whatTakesTimeOutsideOfAnObjectRunsInTheBackground() throws {
        let slow = [
            "Vault.create(", "Vault.open(", "Vault.rescue(", "Vault.acceptLoss(", "Vault.sample(", "slotKinds(",
            "restore(", "eraseCard(",
        ]
        var found = 0
        for (name, text) in try Checkout.sources("ios/TechoKit/Sources/TechoKit") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            for (place, line) in lines.enumerated() {
                for call in slow where line.contains("try \(call)") || line.contains(" = \(call)") {
                    let near = lines[max(0, place - 2)...place].joined(separator: "\n")
                    #expect(near.contains("background.run(") || near.contains(".run(."), "\(name):\(place + 1) \(call)")
                    found += 1
                }
            }
        }
        #expect(found >= slow.count)
    }

    /// Nothing of the library is spoken to but through the kit's own doors.
    @Test func theVaultIsHeldApartEverywhere() throws {
        for (name, text) in try Checkout.sources("ios/TechoKit/Sources/TechoKit") {
            for type in ["Vault", "SyncSession", "ImportDraft", "ConsentQuestion"] {
                let kept = text.matches(of: try Regex("(?:let|var) \\w+: \(type)\\??\\b")).count
                #expect(kept == 0, "\(name) keeps a \(type) that is not Apart")
            }
        }
    }
}
