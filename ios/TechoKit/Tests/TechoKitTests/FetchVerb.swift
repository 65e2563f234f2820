// The verb of fetching: the question of consent answered item by item, the browser played by the town's citizen.
import Foundation

@testable import TechoKit

extension Player {
    func fetch(_ step: Step) async throws -> Seen {
        guard let town else { throw Unplayable.said("the scenario needs a town") }
        guard let model = app.startFetch() else { throw Unplayable.said("the notebook is not open") }
        let items = step.list("items") ?? []
        guard items.allSatisfy({ item in model.items.contains { $0.id == item } }) else {
            throw Unplayable.said("no such item")
        }
        model.form.personID = try await person(try step.needed("person"))
        model.form.items = Set(items)
        switch step.text("acts_as") ?? "self" {
        case "self": model.form.actsAs = .oneself
        case "parent": model.form.actsAs = .parent
        case "proxy": model.form.actsAs = .proxy
        case let other: throw Unplayable.said("acts as \(other)")
        }
        model.form.actorID = try await person(step.text("actor"))
        let citizen = try step.needed("citizen")
        phone.browser.answer = { address in try? await town.visit(address, as: citizen) }

        guard model.missing == nil else { throw Unplayable.said("the form misses: \(model.missing ?? "")") }
        await model.ask()
        guard case .asking(let consent) = model.stage else { return seen(model.effort, []) }
        var lines = consent.lines
        model.granted = Set(step.list("grant") ?? items)
        lines += [model.surplus].compactMap { $0 }
        await model.answer()
        for _ in 0..<40 where !model.isOver {
            guard model.effort.problem == nil else { break }
            switch model.stage {
            case .browse: await model.browse()
            case .question: await model.decide(true)
            default: await model.go()
            }
        }
        lines += [model.answerText].compactMap { $0 }
        switch model.stage {
        case .done(let digest): return Seen(lines: lines + digest.lines)
        case .declined(let text): return Seen(lines: lines + [text])
        case .ended(let problem): return Seen(lines: lines + [problem.what, problem.todo], problem: problem)
        default: return seen(model.effort, lines + ["not over: \(model.stage)"])
        }
    }
}
