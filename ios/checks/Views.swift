// Follows the names that views use: a property of a type of TechoKit, its members, the members' members, the values of
// its enums. It is a check of names and argument labels, not of types; what it cannot follow (SwiftUI) it leaves alone.
import SwiftParser
import SwiftSyntax

/// What an expression is, as far as it can be told.
enum Meaning: Equatable {
    /// A value of this type, as written: `[PersonState]`.
    case value(String)
    /// The type itself.
    case type(String)
    case unknown
}

final class Views: SyntaxVisitor {
    private(set) var problems: [String] = []
    /// How many names were looked up and found.
    private(set) var found = 0

    private let symbols: Symbols
    private let file: String
    private let places: SourceLocationConverter
    private var scopes: [[String: String]] = [[:]]

    init(_ text: String, file: String, symbols: Symbols) {
        self.file = file
        self.symbols = symbols
        let tree = Parser.parse(source: text)
        places = SourceLocationConverter(fileName: file, tree: tree)
        super.init(viewMode: .sourceAccurate)
        walk(tree)
    }

    // MARK: Scopes

    private func bind(_ name: String, _ type: String) { scopes[scopes.count - 1][name] = type }

    private func meaning(of name: String) -> Meaning {
        let bare = name.hasPrefix("$") ? String(name.dropFirst()) : name
        for scope in scopes.reversed() {
            if let type = scope[bare] { return type.isEmpty ? .unknown : .value(type) }
        }
        return symbols.has(name) ? .type(name) : .unknown
    }

    private func within(_ node: some SyntaxProtocol, _ prepare: () -> Void) -> SyntaxVisitorContinueKind {
        scopes.append([:])
        prepare()
        for child in node.children(viewMode: .sourceAccurate) { walk(child) }
        scopes.removeLast()
        return .skipChildren
    }

    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind {
        within(node) { declare(node.memberBlock) }
    }

    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind {
        within(node) { declare(node.memberBlock) }
    }

    /// Properties are known in all of a type, wherever they stand.
    private func declare(_ block: MemberBlockSyntax) {
        for item in block.members {
            guard let variable = item.decl.as(VariableDeclSyntax.self) else { continue }
            for binding in variable.bindings {
                guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text else { continue }
                bind(name, binding.typeAnnotation.map { written($0.type) } ?? "")
            }
        }
    }

    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        within(node) {
            for parameter in node.signature.parameterClause.parameters {
                bind((parameter.secondName ?? parameter.firstName).text, written(parameter.type))
            }
        }
    }

    override func visit(_ node: CodeBlockSyntax) -> SyntaxVisitorContinueKind { within(node) {} }

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
        within(node) { bindParameters(of: node, to: element(for: node)) }
    }

    private func bindParameters(of node: ClosureExprSyntax, to type: String) {
        guard case .simpleInput(let names) = node.signature?.parameterClause else { return }
        for name in names { bind(name.name.text, names.count == 1 ? type : "") }
    }

    /// `ForEach(model.rows) { row in`: a row is an element of the rows. Others give what cannot be told.
    private func element(for node: ClosureExprSyntax) -> String {
        guard let call = node.parent?.as(FunctionCallExprSyntax.self), let first = call.arguments.first else {
            return ""
        }
        let callee = call.calledExpression.trimmedDescription
        guard callee == "ForEach" || callee.hasSuffix(".navigationDestination"),
            case .value(let type) = meaning(first.expression)
        else { return "" }
        return type.hasPrefix("[") && type.hasSuffix("]") ? String(type.dropFirst().dropLast()) : unwrapped(type)
    }

    override func visit(_ node: IfExprSyntax) -> SyntaxVisitorContinueKind {
        scopes.append([:])
        for condition in node.conditions { walk(condition) }
        walk(node.body)
        scopes.removeLast()
        if let other = node.elseBody { walk(other) }
        return .skipChildren
    }

    override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
        guard let name = node.pattern.as(IdentifierPatternSyntax.self)?.identifier.text else { return .visitChildren }
        if let value = node.initializer?.value {
            walk(value)
            if case .value(let type) = meaning(value) { bind(name, unwrapped(type)) } else { bind(name, "") }
        } else if case .value(let type) = meaning(of: name) {
            bind(name, unwrapped(type))
        }
        return .skipChildren
    }

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        guard scopes.count > 1, node.parent?.is(CodeBlockItemSyntax.self) == true else { return .visitChildren }
        for binding in node.bindings {
            guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier.text else { continue }
            if let annotation = binding.typeAnnotation {
                bind(name, written(annotation.type))
            } else if let value = binding.initializer?.value, case .value(let type) = meaning(value) {
                bind(name, type)
            } else {
                bind(name, "")
            }
        }
        return .visitChildren
    }

    // MARK: Uses

    override func visit(_ node: SwitchExprSyntax) -> SyntaxVisitorContinueKind {
        walk(node.subject)
        var subject: String?
        if case .value(let type) = meaning(node.subject) { subject = unwrapped(type) }
        for element in node.cases {
            guard let item = element.as(SwitchCaseSyntax.self) else { continue }
            scopes.append([:])
            if let subject, let label = item.label.as(SwitchCaseLabelSyntax.self) {
                for one in label.caseItems { check(one.pattern, in: subject) }
            }
            walk(item.statements)
            scopes.removeLast()
        }
        return .skipChildren
    }

    override func visit(_ node: MatchingPatternConditionSyntax) -> SyntaxVisitorContinueKind {
        if case .value(let type) = meaning(node.initializer.value) { check(node.pattern, in: unwrapped(type)) }
        walk(node.initializer)
        return .skipChildren
    }

    /// `case .asking(let consent)`: the case must be there, and what it carries is bound.
    private func check(_ pattern: PatternSyntax, in type: String) {
        guard symbols.has(type), let expression = pattern.as(ExpressionPatternSyntax.self)?.expression else { return }
        let call = expression.as(FunctionCallExprSyntax.self)
        guard let name = (call?.calledExpression ?? expression).as(MemberAccessExprSyntax.self), name.base == nil else {
            return
        }
        guard let member = look(name.declName.baseName.text, in: type, at: name) else { return }
        for (argument, parameter) in zip(call?.arguments.map { $0 } ?? [], member.parameters) {
            let bound = argument.expression.as(PatternExprSyntax.self)?.pattern.as(ValueBindingPatternSyntax.self)
            if let identifier = bound?.pattern.as(IdentifierPatternSyntax.self)?.identifier.text {
                bind(identifier, parameter.type)
            }
        }
    }

    override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
        if let base = node.base { _ = member(node, of: base, reports: true) }
        return .visitChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        let candidates = called(node.calledExpression)
        if !candidates.isEmpty { check(node, against: candidates) }
        return .visitChildren
    }

    /// `model.way == .device`
    override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
        let elements = Array(node.elements)
        for (place, element) in elements.enumerated() where element.is(BinaryOperatorExprSyntax.self) && place > 0 {
            guard ["==", "!="].contains(element.trimmedDescription), place + 1 < elements.count,
                case .value(let type) = meaning(elements[place - 1])
            else { continue }
            checkImplicit(elements[place + 1], in: unwrapped(type))
        }
        return .visitChildren
    }

    private func check(_ call: FunctionCallExprSyntax, against candidates: [Member]) {
        let labels = call.arguments.map { $0.label?.text ?? "_" }
        let fitting = candidates.filter { Self.fits(labels, $0.parameters.map(\.label)) }
        guard let member = fitting.first else {
            let known = candidates.map(\.title).joined(separator: ", ")
            report("called with (\(labels.joined(separator: ":"))), known is \(known)", at: call)
            return
        }
        var rest = member.parameters[...]
        for argument in call.arguments {
            let label = argument.label?.text ?? "_"
            while let next = rest.first, next.label != label { rest.removeFirst() }
            if let parameter = rest.popFirst() { checkImplicit(argument.expression, in: unwrapped(parameter.type)) }
        }
    }

    /// Given labels are declared ones in their order; what is left out has a default or is a trailing closure.
    private static func fits(_ given: [String], _ declared: [String]) -> Bool {
        var rest = declared[...]
        for label in given {
            guard let place = rest.firstIndex(of: label) else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }

    /// `.passphrase`, also as either side of a choice.
    private func checkImplicit(_ expression: ExprSyntax, in type: String) {
        guard symbols.has(type) else { return }
        if let name = expression.as(MemberAccessExprSyntax.self), name.base == nil {
            _ = look(name.declName.baseName.text, in: type, at: name)
        } else if let call = expression.as(FunctionCallExprSyntax.self),
            let name = call.calledExpression.as(MemberAccessExprSyntax.self), name.base == nil
        {
            if let member = look(name.declName.baseName.text, in: type, at: name) { check(call, against: [member]) }
        } else if let sequence = expression.as(SequenceExprSyntax.self),
            sequence.elements.contains(where: { $0.is(UnresolvedTernaryExprSyntax.self) })
        {
            for element in sequence.elements.dropFirst() {
                if let choice = element.as(UnresolvedTernaryExprSyntax.self) {
                    checkImplicit(choice.thenExpression, in: type)
                } else {
                    checkImplicit(element, in: type)
                }
            }
        }
    }

    // MARK: Meanings

    private func meaning(_ expression: ExprSyntax) -> Meaning {
        if let name = expression.as(DeclReferenceExprSyntax.self) { return meaning(of: name.baseName.text) }
        if let access = expression.as(MemberAccessExprSyntax.self), let base = access.base {
            return member(access, of: base, reports: false)
        }
        if let chain = expression.as(OptionalChainingExprSyntax.self) {
            if case .value(let type) = meaning(chain.expression) { return .value(unwrapped(type)) }
            return .unknown
        }
        if let waiting = expression.as(AwaitExprSyntax.self) { return meaning(waiting.expression) }
        if let call = expression.as(FunctionCallExprSyntax.self) {
            if case .type(let type) = meaning(call.calledExpression) { return .value(type) }
            guard let first = called(call.calledExpression).first, !first.type.isEmpty else { return .unknown }
            return .value(first.type)
        }
        return .unknown
    }

    private func member(_ access: MemberAccessExprSyntax, of base: ExprSyntax, reports: Bool) -> Meaning {
        let name = access.declName.baseName.text
        switch meaning(base) {
        case .type(let type):
            if symbols.has("\(type).\(name)") { return .type("\(type).\(name)") }
            if name == "init" || name == "self" { return .type(type) }
            return look(name, in: type, at: access, reports: reports).map { .value($0.type) } ?? .unknown
        case .value(let type) where symbols.has(unwrapped(type)):
            return look(name, in: unwrapped(type), at: access, reports: reports).map { .value($0.type) } ?? .unknown
        case .value(let type) where name == "last" || name == "first":
            return type.hasPrefix("[") ? .value(String(type.dropFirst().dropLast()) + "?") : .unknown
        default:
            return .unknown
        }
    }

    /// The functions that a call may mean.
    private func called(_ expression: ExprSyntax) -> [Member] {
        switch meaning(of: expression) {
        case .type(let type): return symbols.named("init", in: type)
        case .value(let type) where symbols.has(type): return symbols.named("callAsFunction", in: type)
        default: break
        }
        guard let access = expression.as(MemberAccessExprSyntax.self), let base = access.base else { return [] }
        let name = access.declName.baseName.text
        switch meaning(base) {
        case .type(let type), .value(let type):
            return symbols.named(name, in: unwrapped(type)).filter { $0.title.contains("(") }
        case .unknown: return []
        }
    }

    /// A name or a nested type's name, but not what a call gives.
    private func meaning(of expression: ExprSyntax) -> Meaning {
        if let name = expression.as(DeclReferenceExprSyntax.self) { return meaning(of: name.baseName.text) }
        if let access = expression.as(MemberAccessExprSyntax.self), let base = access.base,
            case .type = meaning(base)
        {
            return member(access, of: base, reports: false)
        }
        return .unknown
    }

    private func look(_ name: String, in type: String, at node: some SyntaxProtocol, reports: Bool = true) -> Member? {
        if let member = symbols.named(name, in: type).first {
            if reports { found += 1 }
            return member
        }
        // What every value has.
        if reports, !["hash", "hashValue", "rawValue", "self"].contains(name) {
            report("\(type) has no public \(name)", at: node)
        }
        return nil
    }

    private func report(_ text: String, at node: some SyntaxProtocol) {
        let line = places.location(for: node.positionAfterSkippingLeadingTrivia).line
        problems.append("\(file):\(line): \(text)")
    }

    private func unwrapped(_ type: String) -> String {
        type.hasSuffix("?") ? String(type.dropLast()) : type
    }

    private func written(_ type: TypeSyntax) -> String { type.trimmedDescription }
}
