// The verbs of what the records mean for a family, and of what somebody else is shown or handed.
import Foundation

@testable import TechoKit

extension Player {
    var familyVerbs: [String: Verb] {
        let choice: Set<String> = ["person", "occasion", "items", "sensitive", "doctor", "on"]
        return [
            "vaccines": (["person", "on"], vaccines), "due": (["person", "on"], due),
            "growth": (["person", "reference", "uncorrected"], growth), "explain": (["title", "nth"], explain),
            "forgets": (["person", "on"], forgets), "board": (["on"], board), "clinic": (choice, clinic),
            "report": (choice, report), "write_card": (["person", "fields"], writeCard), "card": (["person"], card),
            "set_card": (["person", "state"], setCard), "codes": (["person", "as"], codes),
        ]
    }

    // MARK: What it means

    private func vaccines(_ step: Step) async throws -> Seen {
        let model = PlanModel(try opened(), personID: try await whose(step))
        model.on = try step.needed("on")
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        var lines = [model.noPlanText, model.note].compactMap { $0 }
        for dose in model.doses { lines += [dose.title, dose.statusText, dose.daysText, dose.source] + dose.why }
        return seen(model.effort, lines)
    }

    private func due(_ step: Step) async throws -> Seen {
        let model = DueModel(try opened(), personID: try await whose(step))
        model.on = try step.needed("on")
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        var lines = [model.note]
        for item in model.items {
            lines += [item.dateText, item.untilText, item.title, item.statusText, item.source].compactMap { $0 }
        }
        return seen(model.effort, lines)
    }

    private func growth(_ step: Step) async throws -> Seen {
        let model = GrowthModel(try opened(), personID: try await whose(step))
        if let asked = step.text("reference") {
            guard let reference = GrowthReference(rawValue: asked) else { throw Unplayable.said("no \(asked)") }
            model.reference = reference
        }
        model.isCorrected = step.yes("uncorrected") != true
        await model.load()
        guard model.isHidden else { throw Unplayable.said("the charts were not hidden") }
        model.reveal()
        // Leaving the screen hides everything again.
        defer { notebook?.veil.draw() }
        var lines = model.notes
        for chart in model.charts {
            lines += [chart.chart.title, chart.edition, chart.along, chart.chart.summary] + chart.chart.notes
            lines += chart.chart.lines.flatMap(\.points).map(\.spoken)
            for row in chart.rows {
                lines += [row.dateText, row.ageText, row.valueText, row.placeText, row.obesityText].compactMap { $0 }
            }
        }
        return seen(model.effort, lines)
    }

    private func explain(_ step: Step) async throws -> Seen {
        let row = try listed(step)
        let model = ExplainModel(try opened(), id: row.record ?? row.event ?? "")
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        var lines = [model.title, model.dateText].compactMap { $0 } + model.notes
        for item in model.items {
            guard try opened().veil.hides(item.id) else { throw Unplayable.said("a value was not hidden") }
            lines += [item.title, item.valueText, item.what].compactMap { $0 } + item.judgements
        }
        return seen(model.effort, lines)
    }

    private func forgets(_ step: Step) async throws -> Seen {
        let model = ForgetsModel(try opened(), personID: try await person(step.text("person")))
        model.on = try step.needed("on")
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        var lines = model.notes
        for row in model.rows { lines += [row.title, row.dateText, row.leavesOn, row.daysText].compactMap { $0 } }
        return seen(model.effort, lines)
    }

    private func board(_ step: Step) async throws -> Seen {
        let model = BoardModel(try opened())
        model.on = try step.needed("on")
        await model.load()
        var lines: [String] = []
        for row in model.rows {
            lines += [row.name, row.ageText] + row.lines.map(\.text) + [row.growth].compactMap { $0 }
        }
        return seen(model.effort, lines)
    }

    // MARK: Shown and handed over

    private func clinic(_ step: Step) async throws -> Seen {
        let notebook = try opened()
        let model = ClinicModel(app, notebook, personID: try await whose(step))
        await model.load()
        if model.effort.problem != nil { return seen(model.effort, []) }
        model.form = try form(step, model.offer)
        try phone.clock.travel(to: try step.needed("on"))
        defer { phone.clock.comeHome() }
        await model.show()
        guard let showing = app.showing else { return seen(model.effort, []) }
        guard let screen = showing.screen else { throw Unplayable.said("it was over at once") }
        let told = screen.sections.flatMap(\.rows)
        guard told.allSatisfy({ showing.veil.hides($0.id) }) else { throw Unplayable.said("values were not covered") }
        for section in screen.sections { showing.reveal(section) }
        guard !told.contains(where: { showing.veil.hides($0.id) }) else {
            throw Unplayable.said("values stayed covered")
        }
        var lines = [
            screen.title, screen.name, screen.kana, screen.aboutText, screen.fetched, screen.leftOut, screen.note,
        ]
        .compactMap { $0 }
        for section in screen.sections {
            lines += [section.title] + section.notes
            lines += section.rows.flatMap { [$0.title, $0.value, $0.dateText, $0.source].compactMap { $0 } }
        }
        await app.endShowing()
        // Behind it the notebook is locked; the person opens it again.
        let unlock = try unlocking()
        unlock.passphrase = passphrase
        await unlock.withPassphrase()
        var after = afterOpening(unlock.effort)
        if after.problem == nil { after.lines = lines }
        return after
    }

    private func report(_ step: Step) async throws -> Seen {
        let model = ReportModel(try opened(), personID: try await whose(step))
        await model.load()
        if model.effort.problem != nil { return seen(model.effort, []) }
        model.form = try form(step, model.offer)
        try phone.clock.travel(to: try step.needed("on"))
        defer { phone.clock.comeHome() }
        let before = phone.picker.kept.count
        await model.make(.keep)
        if model.effort.problem == nil {
            guard phone.picker.kept.count == before + 1, let file = phone.picker.kept.last,
                try String(contentsOf: file, encoding: .utf8).contains("</html>")
            else { throw Unplayable.said("no report was written") }
        }
        return seen(model.effort, [model.doneText].compactMap { $0 })
    }

    private func form(_ step: Step, _ offer: ClinicOffer) throws -> ClinicForm {
        var form = ClinicForm(language: step.text("doctor").map { $0 == "en" ? .english : .japanese } ?? language)
        form.occasion = step.text("occasion")
        guard form.occasion == nil || offer.occasions.contains(where: { $0.id == form.occasion }) else {
            throw Unplayable.said("no occasion \(form.occasion ?? "")")
        }
        form.items = Set(step.list("items") ?? [])
        guard form.items.allSatisfy({ item in (offer.parts + offer.quantities).contains { $0.id == item } }) else {
            throw Unplayable.said("a screen offers no \(form.items)")
        }
        form.showsSensitive = step.yes("sensitive") ?? false
        return form
    }

    private func codes(_ step: Step) async throws -> Seen {
        let model = CodesModel(try opened(), personID: try await whose(step))
        let kinds: [String: CodesModel.Kind] = ["jahis": .jahis, "ips": .ips]
        guard let kind = kinds[try step.needed("as")] else { throw Unplayable.said("no such codes") }
        model.kind = kind
        await model.make()
        guard let turn = model.turn else { return seen(model.effort, []) }
        model.show()
        guard model.isShown, phone.stand.isBright, turn.current?.runs.isEmpty == false else {
            throw Unplayable.said("no code is on the screen")
        }
        model.close()
        return seen(model.effort, [turn.title, turn.text, turn.note] + model.remarks)
    }

    // MARK: The card

    private func writeCard(_ step: Step) async throws -> Seen {
        let model = CardModel(try opened(), personID: try await whose(step))
        await model.load()
        if model.effort.problem != nil { return seen(model.effort, []) }
        for (field, text) in try step.fields() {
            guard let place = model.fields.firstIndex(where: { $0.id == field }) else {
                throw Unplayable.said("no field \(field)")
            }
            model.fields[place].isFromRecords = text == "@records"
            model.fields[place].text = text == "@records" ? "" : text
        }
        await model.write()
        guard model.isWritten || model.effort.problem != nil else { throw Unplayable.said("it was not written") }
        return seen(model.effort, lines(of: model))
    }

    private func card(_ step: Step) async throws -> Seen {
        let model = CardModel(try opened(), personID: try await whose(step))
        await model.load()
        return seen(model.effort, lines(of: model))
    }

    private func setCard(_ step: Step) async throws -> Seen {
        let states: [String: CardModel.Access] = [
            "off": .off, "after_unlock": .afterUnlock, "without_unlocking": .withoutUnlocking,
        ]
        guard let access = states[try step.needed("state")] else { throw Unplayable.said("no such state") }
        let model = CardModel(try opened(), personID: try await whose(step))
        await model.load()
        await model.allow(access)
        guard model.access == access || model.effort.problem != nil else { throw Unplayable.said("not switched") }
        return seen(model.effort, [])
    }

    private func lines(of model: CardModel) -> [String] {
        guard let sheet = model.sheet else { return [] }
        return [sheet.name, sheet.kana, sheet.aboutText, sheet.madeOn].compactMap { $0 } + sheet.notes
            + sheet.rows.flatMap { [$0.label] + $0.lines }
    }

    /// Of whom it is asked. A locked notebook says so by itself, whoever it is.
    private func whose(_ step: Step) async throws -> String {
        try await person(try step.needed("person")) ?? ""
    }
}
