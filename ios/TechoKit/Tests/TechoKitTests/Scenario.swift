// The scenario files that all shells play, as `cargo xtask scenarios` writes them: steps, and what must be seen after each.
import Foundation

/// A value of a step's argument.
enum Argument: Decodable {
    case text(String)
    case list([String])
    case number(Int)
    case yes(Bool)
    /// What is typed into the fields of a form.
    case fields([String: String])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        // Booleans before numbers: Foundation would read one as the other.
        if let yes = try? value.decode(Bool.self) {
            self = .yes(yes)
        } else if let number = try? value.decode(Int.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let fields = try? value.decode([String: String].self) {
            self = .fields(fields)
        } else {
            self = .list(try value.decode([String].self))
        }
    }
}

struct Step: Decodable {
    let arguments: [String: Argument]

    init(from decoder: any Decoder) throws {
        arguments = try decoder.singleValueContainer().decode([String: Argument].self)
    }

    func text(_ name: String) -> String? { if case .text(let text) = arguments[name] { text } else { nil } }
    func list(_ name: String) -> [String]? { if case .list(let list) = arguments[name] { list } else { nil } }
    func number(_ name: String) -> Int? { if case .number(let number) = arguments[name] { number } else { nil } }
    func yes(_ name: String) -> Bool? { if case .yes(let yes) = arguments[name] { yes } else { nil } }

    func fields() throws -> [String: String] {
        guard case .fields(let fields) = arguments["fields"] else { throw Unplayable.said("\(verb) needs fields") }
        return fields
    }

    func needed(_ name: String) throws -> String {
        guard let text = text(name) else { throw Unplayable.said("\(verb) needs \(name)") }
        return text
    }

    var verb: String { text("do") ?? "" }
    var sees: [String] { list("sees") ?? [] }
    var seesNot: [String] { list("sees_not") ?? [] }
    var fails: String? { text("fails") }

    /// Arguments that the verb does not know: a runner that overlooks one plays another story.
    func unknown(knowing known: Set<String>) -> [String] {
        arguments.keys.filter { !known.contains($0) && !["do", "sees", "sees_not", "fails"].contains($0) }.sorted()
    }
}

struct Scenario: Decodable {
    let name: String
    let language: String
    let needs: [String]
    let step: [Step]

    static let folder = Checkout.root.appendingPathComponent("target/scenarios")

    static func named(_ name: String) throws -> Scenario {
        let file = folder.appendingPathComponent("\(name).json")
        return try JSONDecoder().decode(Scenario.self, from: Data(contentsOf: file))
    }

    /// All of them, in order of the alphabet, by the files that the people write.
    static var names: [String] {
        let sources = Checkout.root.appendingPathComponent("tests/scenarios")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: sources.path)) ?? []
        return files.filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()
    }
}

/// Why a scenario could not be played to its end.
enum Unplayable: Error, CustomStringConvertible {
    case said(String)

    var description: String {
        switch self {
        case .said(let text): text
        }
    }
}

/// What came of the scenarios in Swift, for the table of scenarios and shells.
actor Results {
    static let swift = Results()
    private var results: [String: String] = [:]

    func note(_ name: String, _ result: String) throws {
        results[name] = result
        let folder = Scenario.folder.appendingPathComponent("results", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(results).write(to: folder.appendingPathComponent("swift.json"), options: .atomic)
    }
}
