// The family board, the plan, growth and what is explained: what the shell adds to the core's words (pages, signs, rings, hiding).
import Foundation
import Testing

@testable import TechoKit

@Suite(.serialized) @MainActor struct FamilyTests {
    private func notebook(_ phone: Phone, gestation: String = "") async throws -> (notebook: Notebook, child: String) {
        let notebook = try #require((try await begun(phone)).notebook)
        let people = PeopleModel(notebook)
        people.form = PersonForm(name: "手帳 太郎", born: "2025-11-20", gender: .male)
        people.form.gestation = gestation
        await people.add()
        return (notebook, try #require(people.people.first { $0.name == "手帳 太郎" }).id)
    }

    private func add(_ notebook: Notebook, _ person: String, _ kind: String, _ values: [String: String]) async throws {
        let model = WriteModel(notebook, .add(person: person))
        await model.choose(kind: kind)
        model.values = values
        await model.write()
        for problem in model.sheet.problems { model.sheet.answer(problem, true) }
        if model.sheet.done == nil { await model.write() }
        guard model.sheet.done != nil else { throw Unplayable.said("not written: \(model.sheet.problems)") }
    }

    private let weights = [("2026-02-20", "6.1"), ("2026-05-20", "7.6"), ("2026-09-20", "8.8")]

    @Test func everyStatusIsKnownAndTheDosesOpenTheirRecords() async throws {
        let (notebook, child) = try await notebook(try Phone())
        try await add(notebook, child, "vaccination", ["on": "2026-01-25", "vaccine": "dpt_ipv_hib"])
        let plan = PlanModel(notebook, personID: child)
        plan.on = "2026-11-22"
        await plan.load()
        while plan.hasMore { await plan.loadMore() }
        #expect(plan.effort.problem == nil && plan.noPlanText == nil && !plan.note.isEmpty)
        #expect(plan.doses.allSatisfy { $0.status != nil && !$0.statusText.isEmpty && !$0.source.isEmpty })
        #expect(Set(plan.doses.map(\.id)).count == plan.doses.count)
        let done = try #require(plan.doses.first { $0.status == .done })
        #expect(done.spoken.contains(done.statusText), "the status is told in words")
        let record = RecordModel(notebook, id: try #require(done.record))
        await record.load()
        #expect(record.record != nil)
        #expect(plan.doses.contains { $0.status == .overdue } && plan.doses.contains { $0.status == .due })

        let due = DueModel(notebook, personID: child)
        due.on = "2026-11-22"
        await due.load()
        #expect(due.isRead && !due.items.isEmpty && due.items.allSatisfy { $0.status != nil })
    }

    @Test func aDayThatIsNoneIsSaidSo() async throws {
        let (notebook, child) = try await notebook(try Phone())
        let plan = PlanModel(notebook, personID: child)
        plan.on = "きのう"
        await plan.load()
        #expect(plan.effort.problem != nil && plan.doses.isEmpty)
    }

    @Test func growthIsHiddenUntilTouchedAndNamesItsEdition() async throws {
        let (notebook, child) = try await notebook(try Phone())
        let empty = GrowthModel(notebook, personID: child)
        await empty.load()
        #expect(empty.isEmpty)
        for (day, value) in weights {
            try await add(
                notebook, child, "measurement", ["on": day, "what": "weight", "value": value, "unit": "kg"])
        }
        let model = GrowthModel(notebook, personID: child)
        await model.load()
        #expect(model.isHidden && !model.isEmpty && !model.canCorrect)
        model.reveal()
        #expect(!model.isHidden)
        let weight = try #require(model.charts.first { $0.id == "weight" })
        #expect(weight.edition.contains("2023") && weight.curves.count == 7 && weight.rows.count == weights.count)
        #expect(weight.curves.filter(\.isMiddle).count == 1 && weight.curves.allSatisfy(\.isJoined))
        let places =
            weight.curves.flatMap(\.places) + weight.chart.lines.flatMap(\.points).map { .init(x: $0.x, y: $0.y) }
        #expect(places.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
        model.reference = .who
        await model.load()
        let who = try #require(model.charts.first { $0.id == "weight" })
        #expect(who.edition.contains("WHO") && who.edition != weight.edition)
    }

    @Test func aChildBornEarlyHasRingsThatCanBeSwitchedOff() async throws {
        let (notebook, child) = try await notebook(try Phone(), gestation: "32w3d")
        for (day, value) in weights {
            try await add(
                notebook, child, "measurement", ["on": day, "what": "weight", "value": value, "unit": "kg"])
        }
        let model = GrowthModel(notebook, personID: child)
        await model.load()
        let weight = try #require(model.charts.first { $0.id == "weight" })
        let points = weight.chart.lines.flatMap(\.points)
        #expect(model.canCorrect && !points.isEmpty && points.allSatisfy { weight.isRinged($0) })
        model.isCorrected = false
        await model.load()
        let plain = try #require(model.charts.first { $0.id == "weight" })
        #expect(model.canCorrect, "the switch stays")
        #expect(!plain.chart.lines.flatMap(\.points).contains { plain.isRinged($0) })
    }

    @Test func aCheckupIsExplainedAPageAtATime() async throws {
        let (notebook, _) = try await notebook(try Phone())
        let hanako = try await firstPerson(notebook)
        try await takeIn("family/hanako-tokutei-2024.xml", notebook, for: hanako)
        notebook.personID = hanako
        let timeline = TimelineModel(notebook)
        await timeline.load()
        let model = ExplainModel(notebook, id: try #require(timeline.rows.first).id)
        await model.load()
        while model.hasMore, model.effort.problem == nil { await model.loadMore() }
        #expect(model.effort.problem == nil && model.items.count == Int(model.count) && !model.notes.isEmpty)
        #expect(Set(model.items.map(\.id)).count == model.items.count)
        #expect(model.items.contains { $0.what != nil } && model.items.contains { !$0.judgements.isEmpty })
        #expect(notebook.veil.hides(try #require(model.items.first).id))
    }

    @Test func theBoardHasALineForEverybodyAndForgettingSaysWhen() async throws {
        let (notebook, child) = try await notebook(try Phone())
        let hanako = try await firstPerson(notebook)
        try await takeIn("family/hanako-tokutei-2024.xml", notebook, for: hanako)
        let board = BoardModel(notebook)
        board.on = "2026-11-22"
        await board.load()
        #expect(Set(board.rows.map(\.id)) == [hanako, child])
        let row = try #require(board.rows.first { $0.id == hanako })
        #expect(row.lines.contains { $0.label == Words(.japanese)(.lastCheckup) } && row.spoken.contains(row.ageText))
        let forgets = ForgetsModel(notebook, personID: hanako)
        forgets.on = "2026-11-22"
        await forgets.load()
        #expect(forgets.isRead && forgets.rows.count == Int(forgets.count) && !forgets.notes.isEmpty)
    }
}
