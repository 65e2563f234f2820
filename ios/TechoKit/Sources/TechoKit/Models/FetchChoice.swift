// What a fetch is asked for, and the question of consent that comes of it: item by item, for this once.
import Foundation
import TechoCore

/// What the person wishes to have fetched, before they are asked for consent.
public struct FetchForm: Equatable, Sendable {
    public enum ActsAs: CaseIterable, Sendable { case oneself, parent, proxy }

    public var personID: String?
    public var actsAs: ActsAs = .oneself
    /// Who logs in, when it is not the person themselves.
    public var actorID: String?
    public var items: Set<String> = []
    /// Days as in `2024-04-01`; empty for no limit.
    public var from = ""
    public var until = ""

    func missing(_ words: Words) -> String? {
        if personID == nil { return words(.whoseIsIt) }
        if actsAs != .oneself, actorID == nil { return words(.whoLogsIn) }
        return items.isEmpty ? words(.chooseItems) : nil
    }

    func wish(for person: String, in order: [String]) -> FetchWish {
        let role: TechoCore.ActsAs =
            switch actsAs {
            case .oneself: .oneself
            case .parent: .parent
            case .proxy: .proxy
            }
        return FetchWish(
            person: person, actsAs: role, actor: actsAs == .oneself ? nil : actorID, forShowing: false,
            items: order.filter(items.contains), from: from.isEmpty ? nil : from, until: until.isEmpty ? nil : until)
    }
}

/// The question of consent, as it must be read before it is answered.
public struct ConsentState: Equatable, Sendable {
    public struct Item: Identifiable, Equatable, Sendable {
        public let id: String
        public let name: String
        public let period: String
    }

    public let subject: String
    public let actor: String
    public let purpose: String
    public let items: [Item]
    public let obtainedBy: String
    public let kept: [String]
    /// What Mynaportal returns beyond what was asked; it is cut before anything is filed.
    public let surplus: String?
    public let card: String
    /// All of it, line by line, as it goes into the receipt.
    public let lines: [String]

    init(_ view: ConsentView) {
        subject = view.subject
        actor = view.actor
        purpose = view.purpose
        items = view.items.map { Item(id: $0.id, name: $0.name, period: $0.period) }
        obtainedBy = view.obtainedBy
        kept = view.kept
        surplus = view.surplus
        card = view.card
        lines = view.lines
    }
}

/// What a fetch brought.
public struct DigestState: Equatable, Sendable {
    public let sum: String
    /// Values that the source states differently now; the old ones are kept.
    public let changed: [String]
    public let cut: [String]
    public let refused: [String]
    public let missing: String?

    init(_ view: DigestView) {
        sum = view.sum
        changed = view.changed
        cut = view.cut
        refused = view.refused
        missing = view.missing
    }

    public var lines: [String] { [sum] + changed + cut + refused + [missing].compactMap { $0 } }
}
