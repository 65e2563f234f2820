// TechoKit's public symbols, read from the compiler's own symbol graph: which members a type has, and of which type.
import Foundation

/// One member of a type.
struct Member {
    /// With argument labels: `export(_:)`.
    let title: String
    /// What it is or gives, as `[TimelineRowState]` or `RecordState?`; empty where it gives nothing.
    let type: String
    /// Of a function, an initializer or a case with values.
    let parameters: [(label: String, type: String)]
    let isCase: Bool
}

struct Symbols {
    /// Full names, as `ChartState.Line`.
    private(set) var types: Set<String> = []
    private var members: [String: [String: [Member]]] = [:]

    init(graph: URL) throws {
        let file = try JSONDecoder().decode(Graph.self, from: Data(contentsOf: graph))
        let kinds: Set = ["swift.class", "swift.struct", "swift.enum", "swift.protocol"]
        var paths: [String: String] = [:]
        for symbol in file.symbols where kinds.contains(symbol.kind.identifier) {
            let path = symbol.pathComponents.joined(separator: ".")
            types.insert(path)
            paths[symbol.identifier.precise] = path
        }
        for symbol in file.symbols {
            guard let name = symbol.pathComponents.last, symbol.pathComponents.count > 1 else { continue }
            let owner = symbol.pathComponents.dropLast().joined(separator: ".")
            let base = String(name.prefix { $0 != "(" })
            members[owner, default: [:]][base, default: []].append(Member(symbol, paths))
        }
        // What the compiler writes for every enum, and for what has an identity.
        for type in types where members[type]?.values.joined().contains(where: \.isCase) == true {
            let all = Member(title: "allCases", type: "[\(type)]", parameters: [], isCase: false)
            members[type, default: [:]]["allCases", default: []].append(all)
        }
    }

    func has(_ type: String) -> Bool { types.contains(type) }

    func named(_ name: String, in type: String) -> [Member] { members[type]?[name] ?? [] }
}

extension Member {
    fileprivate init(_ symbol: Graph.Symbol, _ paths: [String: String]) {
        title = symbol.names.title
        isCase = symbol.kind.identifier == "swift.enum.case"
        let written = Self.text(symbol.declarationFragments ?? [], paths)
        if let signature = symbol.functionSignature {
            type = Self.text(signature.returns ?? [], paths).trimmingCharacters(in: .whitespaces)
            let labels = Self.labels(title)
            let types = (signature.parameters ?? []).map { Self.afterColon(Self.text($0.declarationFragments, paths)) }
            parameters = zip(labels, types).map { (label: $0, type: $1) }
        } else if isCase {
            type = symbol.pathComponents.dropLast().joined(separator: ".")
            let inside = written.drop { $0 != "(" }.dropFirst().dropLast()
            parameters = inside.isEmpty ? [] : inside.split(separator: ",").map { Self.parameter(String($0)) }
        } else {
            type = Self.afterColon(written)
            parameters = []
        }
    }

    /// With full names. A nested type is written name by name, each with its own identifier.
    private static func text(_ fragments: [Graph.Fragment], _ paths: [String: String]) -> String {
        fragments.reduce(into: "") { text, fragment in
            guard let path = fragment.preciseIdentifier.flatMap({ paths[$0] }) else {
                text += fragment.spelling
                return
            }
            let outer = path.prefix(path.count - fragment.spelling.count)
            if !outer.isEmpty, text.hasSuffix(outer) { text.removeLast(outer.count) }
            text += path
        }
    }

    /// `var rows: [Row] { get }` is of type `[Row]`.
    private static func afterColon(_ text: String) -> String {
        guard let colon = text.firstIndex(of: ":") else { return "" }
        return text[text.index(after: colon)...].prefix { $0 != "{" && $0 != "=" }
            .trimmingCharacters(in: .whitespaces)
    }

    private static func parameter(_ text: String) -> (label: String, type: String) {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        return parts.count == 2 ? (parts[0], parts[1]) : ("_", parts.first ?? "")
    }

    private static func labels(_ title: String) -> [String] {
        title.drop { $0 != "(" }.dropFirst().dropLast().split(separator: ":").map(String.init)
    }
}

/// The part of the symbol graph's format that is needed here.
private struct Graph: Decodable {
    struct Fragment: Decodable {
        let spelling: String
        let preciseIdentifier: String?
    }
    struct Parameter: Decodable {
        let declarationFragments: [Fragment]
    }
    struct Signature: Decodable {
        let parameters: [Parameter]?
        let returns: [Fragment]?
    }
    struct Kind: Decodable {
        let identifier: String
    }
    struct Names: Decodable {
        let title: String
    }
    struct Identifier: Decodable {
        let precise: String
    }
    struct Symbol: Decodable {
        let kind: Kind
        let identifier: Identifier
        let names: Names
        let pathComponents: [String]
        let declarationFragments: [Fragment]?
        let functionSignature: Signature?
    }
    let symbols: [Symbol]
}
