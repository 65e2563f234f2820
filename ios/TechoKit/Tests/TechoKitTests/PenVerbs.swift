// The verbs of what is written and decided by hand, and of what is looked at beside the lists.
import Foundation

@testable import TechoKit

/// What a verb takes, and what it does.
typealias Verb = (known: Set<String>, act: @MainActor (Step) async throws -> Player.Seen)

extension Player {
    var penVerbs: [String: Verb] {
        let decision: Set<String> = ["title", "nth", "reason"]
        return [
            "add_entry": (["person", "kind", "fields", "author", "relation", "confirmed"], addEntry),
            "edit": (["title", "nth", "fields", "reason"], edit),
            "remove": (decision, { try await self.decide(.remove, $0) }),
            "hide": (decision, { try await self.decide(.hide, $0) }),
            "mark_sensitive": (decision, { try await self.decide(.markSensitive, $0) }),
            "undo": (["person"], undo), "changes": (["person"], changes),
            "links": (["title", "nth"], links), "unlink": (decision, unlink),
            "open_day": (["person", "asked", "date"], openDay),
            "medicines": (["person", "on", "hidden"], medicines),
            "attach": (["title", "nth", "file", "document_title"], attach),
        ]
    }

    private func addEntry(_ step: Step) async throws -> Seen {
        guard let person = try await person(try step.needed("person")) else { throw Unplayable.said("for whom?") }
        let model = WriteModel(try opened(), .add(person: person))
        await model.load()
        let kind = try step.needed("kind")
        guard model.kinds.contains(where: { $0.id == kind }) else { throw Unplayable.said("no kind \(kind)") }
        await model.choose(kind: kind)
        return try await fill(model, step)
    }

    private func edit(_ step: Step) async throws -> Seen {
        let model = WriteModel(try opened(), .correct(record: try record(step)))
        await model.load()
        return try await fill(model, step)
    }

    private func fill(_ model: WriteModel, _ step: Step) async throws -> Seen {
        for (field, text) in try step.fields() {
            guard model.fields.contains(where: { $0.id == field }) else { throw Unplayable.said("no field \(field)") }
            model.values[field] = text
        }
        model.sheet.pen = pen(step)
        guard model.isReady else { throw Unplayable.said("the form is not ready") }
        await model.write()
        if step.yes("confirmed") == true {
            for problem in model.sheet.problems { model.sheet.answer(problem, true) }
            await model.write()
        }
        return told(model.sheet)
    }

    private func decide(_ decision: DecideModel.Decision, _ step: Step) async throws -> Seen {
        let row = try listed(step)
        let subject: DecideModel.Subject = row.record.map { .record($0) } ?? .event(row.event ?? "")
        let model = DecideModel(try opened(), decision, subject)
        await model.load()
        model.sheet.pen = pen(step)
        await model.decide()
        return told(model.sheet)
    }

    private func undo(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        let changes = ChangesModel(notebook, of: try await person(try step.needed("person")) ?? "")
        await changes.load()
        guard let last = changes.last else { throw Unplayable.said("nothing to undo") }
        let model = DecideModel(notebook, .undo, .change(last))
        await model.load()
        await model.decide()
        return told(model.sheet)
    }

    private func changes(_ step: Step) async throws -> Seen {
        let model = ChangesModel(try opened(), of: try await person(try step.needed("person")) ?? "")
        await model.load()
        return seen(model.effort, model.changes.flatMap { lines(of: $0) })
    }

    private func links(_ step: Step) async throws -> Seen {
        let model = LinksModel(try opened(), event: try listed(step).event ?? "")
        await model.load()
        return seen(model.effort, lines(of: model))
    }

    private func unlink(_ step: Step) async throws -> Seen {
        let event = try listed(step).event ?? ""
        let model = LinksModel(try opened(), event: event)
        await model.load()
        (model.reason, model.parting) = (step.text("reason") ?? "", event)
        await model.part()
        guard model.isParted || model.effort.problem != nil else { throw Unplayable.said("it was not kept apart") }
        return seen(model.effort, lines(of: model))
    }

    private func openDay(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        guard let person = try await person(try step.needed("person")) else { throw Unplayable.said("whose day?") }
        let history = HistoryModel(notebook, personID: person)
        await history.load()
        await history.show(try step.needed("asked"))
        let date = try step.needed("date")
        let rows = history.charts.flatMap(\.rows)
        guard history.isByDays, let day = rows.first(where: { $0.dateText == date && $0.dayID != nil })?.dayID else {
            throw Unplayable.said("no such day: \(rows.map(\.dateText))")
        }
        let model = DayModel(notebook, id: day)
        await model.load()
        guard model.isHidden else { throw Unplayable.said("the values were not hidden") }
        model.reveal()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        var lines = [model.name, model.day?.date, model.day?.valueText, model.day?.text].compactMap { $0 }
        for sample in model.samples {
            lines += [sample.time, sample.valueText, sample.written, sample.source].compactMap { $0 }
        }
        return seen(model.effort, lines)
    }

    private func medicines(_ step: Step) async throws -> Seen {
        let model = MedicinesModel(try opened(), personID: try await person(try step.needed("person")) ?? "")
        (model.on, model.showsHidden) = (try step.needed("on"), step.yes("hidden") ?? false)
        await model.load()
        var lines = model.questions + [model.note] + model.leftOver.flatMap { [$0.label, $0.text] }
        for row in model.medicines {
            lines += [row.courseText, row.title, row.takingText, row.from, row.until].compactMap { $0 } + row.places
        }
        return seen(model.effort, lines)
    }

    private func attach(_ step: Step) async throws -> Seen {
        let model = AttachModel(try opened(), record: try record(step))
        await model.load()
        await model.take(Checkout.fixture(try step.needed("file")))
        model.title = try step.needed("document_title")
        await model.attach()
        return seen(model.effort, model.done.map { lines(of: $0) } ?? [])
    }

    // MARK: What they share

    private func pen(_ step: Step) -> PenForm {
        var pen = PenForm()
        pen.relation = step.text("relation").flatMap { WriterRelation(rawValue: $0) } ?? .oneself
        (pen.author, pen.reason) = (step.text("author") ?? "", step.text("reason") ?? "")
        return pen
    }

    /// What was written; or what has to be asked, and that nobody said yes.
    private func told(_ model: PenModel) -> Seen {
        if model.done == nil, !model.problems.isEmpty, model.effort.problem == nil {
            let asked = model.problems.allSatisfy(\.isQuestion)
            let problem = Problem(kind: asked ? "declined" : "form", what: "", todo: "")
            return Seen(lines: model.problems.map(\.text), problem: problem)
        }
        return seen(model.effort, model.done.map { lines(of: $0) } ?? [])
    }

    private func lines(of change: ChangeState) -> [String] {
        [change.at, change.authorText, change.text, change.reason, change.standing].compactMap { $0 }
    }

    private func lines(of model: LinksModel) -> [String] {
        var lines: [String] = []
        for source in model.sources {
            lines += [source.title, source.aboutText, source.formatName, source.standing, source.why, source.rule]
                .compactMap { $0 }
            lines += source.differences.flatMap { [$0.item, $0.lead, $0.other].compactMap { $0 } }
        }
        for event in model.questions + model.stories { lines += [event.title, event.aboutText, event.why] }
        return lines
    }

    func listed(_ step: Step) throws -> (title: String, document: String, record: String?, event: String?) {
        let title = try step.needed("title")
        let fitting = listed.filter { $0.title == title }
        let place = (step.number("nth") ?? 1) - 1
        guard fitting.indices.contains(place) else { throw Unplayable.said("not in the last list: \(title)") }
        return fitting[place]
    }

    private func record(_ step: Step) throws -> String {
        guard let record = try listed(step).record else { throw Unplayable.said("no record") }
        return record
    }
}
