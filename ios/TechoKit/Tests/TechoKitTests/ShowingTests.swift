// Showing records to somebody else: nobody sees anything that is not in the ledger, and it is over in every way that it can end,
// with the notebook locked behind it.
import Foundation
import Testing

@testable import TechoKit

/// Takes a file in for a person.
@MainActor func takeIn(_ file: String, _ notebook: Notebook, for person: String) async throws {
    let model = ImportModel(notebook)
    await model.look(at: Checkout.fixture(file))
    (model.personID, model.acceptsDifference) = (person, true)
    await model.take()
    if let problem = model.effort.problem { throw Unplayable.said(problem.what) }
}

/// The lines of the ledger.
@MainActor func ledger(_ notebook: Notebook) async -> [String] {
    let model = LedgerModel(notebook)
    await model.load()
    while model.hasMore, model.effort.problem == nil { await model.loadMore() }
    return model.lines.map(\.text)
}

/// Opens with the passphrase of `begun`.
@MainActor func reopened(_ app: TechoModel) async throws -> Notebook {
    let unlock = try lockScreen(app)
    unlock.passphrase = "春はあけぼの"
    await unlock.withPassphrase()
    return try #require(app.notebook)
}

@MainActor func firstPerson(_ notebook: Notebook) async throws -> String {
    let people = PeopleModel(notebook)
    await people.load()
    return try #require(people.people.first).id
}

@Suite(.serialized) @MainActor struct ShowingTests {
    private static let shownLine = "さんの記録を見せました"
    private static let endedLine = "さんの記録を見せ終わりました"

    /// A notebook with allergies and medicines in it.
    private func filled(_ phone: Phone) async throws -> (app: TechoModel, notebook: Notebook, person: String) {
        let app = try await begun(phone)
        let notebook = try #require(app.notebook)
        let person = try await firstPerson(notebook)
        try await takeIn("kinds/clinical.json", notebook, for: person)
        return (app, notebook, person)
    }

    /// The same, with a showing of five minutes on the screen.
    private func showing(_ phone: Phone) async throws -> (app: TechoModel, showing: ShowingModel) {
        let (app, notebook, person) = try await filled(phone)
        let model = ClinicModel(app, notebook, personID: person)
        #expect(model.missing != nil, "nothing is shown before somebody says what")
        model.form.occasion = "first_visit"
        await model.show()
        #expect(model.effort.problem == nil)
        return (app, try #require(app.showing))
    }

    private func expectOver(_ phone: Phone, _ app: TechoModel, _ showing: ShowingModel) async throws {
        #expect(showing.isOver && app.showing == nil && app.notebook == nil, "nothing is left on the screen")
        #expect(!phone.stand.isBright && !phone.stand.isWatched)
        let lines = await ledger(try await reopened(app))
        #expect(lines.filter { $0.contains(Self.shownLine) }.count == 1)
        #expect(lines.filter { $0.contains(Self.endedLine) }.count == 1)
    }

    @Test func whatIsOnTheScreenIsInTheLedgerAlready() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        let screen = try #require(showing.screen)
        #expect(screen.sections.first?.id == "allergies" && !screen.note.isEmpty)
        #expect(phone.stand.isBright && phone.stand.isWatched)
        let lines = await ledger(try #require(app.notebook))
        #expect(lines.contains { $0.contains(Self.shownLine) && $0.contains("初診") })
        #expect(
            !lines.contains { $0.contains(Self.endedLine) }, "it is not over: a killed app leaves the first line only")
        await app.endShowing()
        try await expectOver(phone, app, showing)
    }

    @Test func whereItCannotBeWrittenDownNothingIsShown() async throws {
        let phone = try Phone()
        let (app, notebook, person) = try await filled(phone)
        let model = ClinicModel(app, notebook, personID: person)
        model.form.occasion = "first_visit"
        await app.lock()
        await model.show()
        #expect(model.effort.problem?.kind == "locked" && app.showing == nil && phone.stand.raised == 0)
    }

    @Test func turningBackAtThePromptShowsNothing() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        await (try lockScreen(app)).withDevice()
        let notebook = try #require(app.notebook)
        await phone.lock.answer(with: .cancelled)
        let model = ClinicModel(app, notebook, personID: try await firstPerson(notebook))
        model.form.occasion = "emergency"
        await model.show()
        #expect(app.showing == nil && model.effort.problem == nil && phone.stand.raised == 0)
        #expect(!(await ledger(notebook)).contains { $0.contains(Self.shownLine) })
        await phone.lock.answer(with: nil)
        await model.show()
        #expect(app.showing != nil)
    }

    @Test func itEndsWithItsMinutes() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        phone.clock.pass(minutes: 4.9)
        await app.endShowingInTime()
        #expect(!showing.isOver && showing.secondsLeft <= 6 && showing.secondsLeft > 0)
        phone.clock.pass(minutes: 0.2)
        await app.endShowingInTime()
        try await expectOver(phone, app, showing)
    }

    @Test func aClockThatWasSetBackEndsItToo() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        phone.clock.pass(minutes: -60)
        await app.endShowingInTime()
        try await expectOver(phone, app, showing)
    }

    @Test func itEndsOnItsFace() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        phone.stand.layFaceDown()
        while app.showing != nil { await Task.yield() }
        while app.notebook != nil { await Task.yield() }
        try await expectOver(phone, app, showing)
    }

    @Test func itEndsWhenTheAppIsLeft() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        await app.left(isInBackground: false)
        #expect(phone.screen.isCovered && !showing.isOver, "a banner covers it, and it goes on")
        await app.cameBack()
        await app.left(isInBackground: true)
        try await expectOver(phone, app, showing)
    }

    @Test func twoEndsAtOnceAreOneLine() async throws {
        let phone = try Phone()
        let (app, showing) = try await showing(phone)
        async let one: Void = app.endShowing()
        async let two: Void = app.left(isInBackground: true)
        _ = await (one, two)
        try await expectOver(phone, app, showing)
    }

    @Test func whoReadsWithoutTouchingIsNotCutOff() async throws {
        let phone = try Phone()
        let (app, notebook, person) = try await filled(phone)
        let model = ClinicModel(app, notebook, personID: person)
        (model.form.occasion, model.minutes) = ("first_visit", 10)
        await model.show()
        phone.clock.pass(minutes: 9)
        await app.lockIfIdle()
        #expect(app.showing != nil, "the lock of five minutes waits")
        phone.clock.pass(minutes: 2)
        await app.lockIfIdle()
        #expect(app.showing == nil && app.notebook == nil)
    }

    @Test func valuesStayCoveredUntilTheyAreTouched() async throws {
        let phone = try Phone()
        let (_, showing) = try await showing(phone)
        let section = try #require(showing.screen?.sections.first { !$0.rows.isEmpty })
        let row = try #require(section.rows.first)
        #expect(showing.veil.hides(row.id))
        showing.reveal(section)
        #expect(!showing.veil.hides(row.id))
        let japanese = try #require(showing.screen)
        showing.switchLanguage()
        let english = try #require(showing.screen)
        #expect(english.title != japanese.title && english.sections.map(\.id) == japanese.sections.map(\.id))
        #expect(!showing.veil.hides(row.id), "what was uncovered stays so in the other language")
        showing.cover()
        #expect(showing.veil.hides(row.id))
    }

    @Test func sensitiveRecordsAreShownByChoiceOnly() async throws {
        let phone = try Phone()
        let (app, notebook, person) = try await filled(phone)
        let first = try await ShowingModel.begin(
            notebook, personID: person, form: emergency(), minutes: 3, guardsValues: false)
        let allergies = try #require(first.screen?.sections.first { $0.id == "allergies" })
        let title = try #require(allergies.rows.first).title
        await first.end()
        let timeline = TimelineModel(notebook)
        await timeline.load()
        for row in timeline.rows {
            let event = EventModel(notebook, id: row.id)
            await event.load()
            for record in event.records where record.title == title {
                let decide = DecideModel(notebook, .markSensitive, .record(record.id))
                await decide.load()
                await decide.decide()
            }
        }
        for isChosen in [false, true] {
            var form = emergency()
            form.showsSensitive = isChosen
            let showing = try await ShowingModel.begin(
                notebook, personID: person, form: form, minutes: 3, guardsValues: false)
            let screen = try #require(showing.screen)
            #expect(screen.sections.flatMap(\.rows).contains { $0.title == title } == isChosen)
            #expect(isChosen || screen.leftOut != nil, "that something was left out is said")
            await showing.end()
        }
        #expect(app.notebook != nil)
    }

    @Test func everyQuantityThatIsOfferedCanBeShown() async throws {
        let phone = try Phone()
        let (app, notebook, person) = try await filled(phone)
        try await takeIn("family/hanako-tokutei-2024.xml", notebook, for: person)
        let model = ClinicModel(app, notebook, personID: person)
        await model.load()
        #expect(model.offer.quantities.count > 5 && !model.offer.parts.isEmpty)
        model.form.items = Set(model.offer.quantities.map(\.id))
        await model.show()
        #expect(model.effort.problem == nil)
        let results = try #require(app.showing?.screen?.sections.first { $0.id == "results" })
        #expect(results.rows.count > 5)
    }

    private func emergency() -> ClinicForm {
        var form = ClinicForm(language: .japanese)
        form.occasion = "emergency"
        return form
    }

    @Test func theSampleFamilyIsNotThrownAwayByIt() async throws {
        let phone = try Phone()
        let app = await phone.app()
        guard case .firstStart(let start) = app.place else { throw Unplayable.said("not the first start") }
        await start.choose(.sample)
        let notebook = try #require(app.notebook)
        let model = ClinicModel(app, notebook, personID: try await firstPerson(notebook))
        model.form.occasion = "pharmacy"
        await model.show()
        #expect(app.showing?.screen?.hasCode == true)
        await app.endShowing()
        #expect(app.showing == nil && app.notebook != nil && !phone.stand.isBright)
    }

    @Test func thePharmacysScreenHasItsCodesAndTheyGoWithIt() async throws {
        let phone = try Phone()
        let (app, notebook, person) = try await filled(phone)
        try await takeIn("family/hanako-okusuri-1.txt", notebook, for: person)
        let model = ClinicModel(app, notebook, personID: person)
        model.form.occasion = "pharmacy"
        model.form.from = "2020-01-01"
        await model.show()
        let showing = try #require(app.showing)
        let code = try #require(showing.codes?.current)
        #expect(code.side > 20 && !code.runs.isEmpty)
        #expect(await ledger(notebook).contains { $0.contains("jahis") })
        await app.endShowing()
        #expect(showing.codes == nil)
    }

    @Test func codesAreShownInTurnAndAskWhoItIs() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        await (try lockScreen(app)).withDevice()
        let notebook = try #require(app.notebook)
        let person = try await firstPerson(notebook)
        try await takeIn("kinds/clinical.json", notebook, for: person)
        for file in ["hanako-tokutei-2023.xml", "hanako-tokutei-2024.xml", "hanako-tokutei-2025.xml"] {
            try await takeIn("family/\(file)", notebook, for: person)
        }
        let model = CodesModel(notebook, personID: person)
        model.kind = .ips
        await phone.lock.answer(with: .cancelled)
        await model.make()
        model.show()
        #expect(model.turn == nil && !model.isShown && !phone.stand.isBright)
        await phone.lock.answer(with: nil)
        await model.make()
        let turn = try #require(model.turn)
        #expect(!model.isShown && !phone.stand.isBright && !model.remarks.isEmpty, "the person reads first")
        model.show()
        #expect(phone.stand.isBright && turn.place == 0)
        let places = turn.codes.indices.map { _ in
            defer { turn.tick() }
            return turn.place
        }
        #expect(places == Array(turn.codes.indices) && turn.place == 0, "and begins again")
        turn.pause()
        turn.tick()
        #expect(turn.place == 0 && turn.isPaused)
        turn.turn(-1)
        #expect(turn.place == turn.codes.count - 1)
        // Every code has its quiet border, four squares wide.
        for code in turn.codes {
            #expect(code.runs.allSatisfy { $0.row >= 4 && $0.row < code.side - 4 && $0.from >= 4 })
            #expect(code.runs.allSatisfy { $0.from + $0.length <= code.side - 4 })
        }
        await app.lock()
        #expect(!phone.stand.isBright, "the light goes with the lock")
    }

    @Test func theReportAsksWhoItIsAndLeavesAsAFile() async throws {
        let phone = try Phone(hasDeviceLock: true)
        let app = try await begun(phone, usesDeviceLock: true)
        await app.lock()
        await (try lockScreen(app)).withDevice()
        let notebook = try #require(app.notebook)
        let person = try await firstPerson(notebook)
        try await takeIn("kinds/clinical.json", notebook, for: person)
        let model = ReportModel(notebook, personID: person)
        await model.make(.keep)
        #expect(phone.picker.kept.isEmpty, "nothing was chosen")
        model.form.occasion = "first_visit"
        await phone.lock.answer(with: .cancelled)
        await model.make(.keep)
        #expect(phone.picker.kept.isEmpty && model.doneText == nil)
        await phone.lock.answer(with: nil)
        await model.make(.keep)
        #expect(model.effort.problem == nil && model.doneText != nil)
        let page = try String(contentsOf: try #require(phone.picker.kept.first), encoding: .utf8)
        #expect(page.contains("手帳 花子") && !page.contains("<script"))
        await model.print()
        #expect(phone.stand.printed == [page])
        let left = (try? FileManager.default.contentsOfDirectory(atPath: phone.platform.outbox.path)) ?? []
        #expect(left == [])
    }
}
