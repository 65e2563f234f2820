// Writing by hand, beyond what the scenarios tell: what keeps a form from being written, and what is put beside a record.
import Foundation
import Testing

@testable import TechoKit

@Suite(.serialized) @MainActor struct HandTests {
    /// A notebook with somebody in it.
    private func notebook(_ phone: Phone) async throws -> (notebook: Notebook, person: String) {
        let notebook = try #require((try await begun(phone)).notebook)
        let people = PeopleModel(notebook)
        people.form = PersonForm(name: "手帳 太郎", born: "2019-06-20", gender: .male)
        await people.add()
        return (notebook, try #require(people.people.last).id)
    }

    @Test func aFormIsNotWrittenBeforeAllThatIsNeededIsTyped() async throws {
        let (notebook, person) = try await notebook(try Phone())
        let model = WriteModel(notebook, .add(person: person))
        await model.load()
        #expect(!model.isReady && model.kinds.count > 10)
        await model.choose(kind: "vaccination")
        #expect(model.fields.contains { $0.isRequired } && model.fields.contains { !$0.choices.isEmpty })
        (model.values["on"], model.values["vaccine"]) = ("きのう", "mr")
        model.sheet.pen.relation = .parent
        #expect(!model.isReady, "whose words these are is not known")
        model.sheet.pen.author = "手帳 花子"
        #expect(model.isReady)
        await model.write()
        #expect(model.sheet.done == nil && model.sheet.problems.map(\.field) == ["on"])
        let day = try #require(model.fields.first { $0.id == "on" })
        #expect(model.problem(of: day) != nil && model.questions.isEmpty)
        model.values["on"] = "2020-07-01"
        await model.write()
        let done = try #require(model.sheet.done)
        #expect(done.authorText.contains("手帳 花子"))
        let record = RecordModel(notebook, id: try #require(done.record))
        await record.load()
        #expect(record.record?.writtenText != nil)
    }

    @Test func aQuestionThatNobodyAnswersKeepsTheFormOpen() async throws {
        let (notebook, person) = try await notebook(try Phone())
        for isSecond in [false, true] {
            let model = WriteModel(notebook, .add(person: person))
            await model.choose(kind: "vaccination")
            (model.values["on"], model.values["vaccine"]) = ("2020-07-01", "mr")
            await model.write()
            guard isSecond else { continue }
            let question = try #require(model.questions.first)
            #expect(question.isQuestion && model.sheet.done == nil && !model.isReady)
            model.sheet.answer(question, true)
            #expect(model.sheet.isAnswered(question) && model.isReady)
            await model.write()
            #expect(model.sheet.done != nil)
        }
    }

    @Test func whatIsNoDurationOfAPregnancyIsSaidSo() async throws {
        let (notebook, _) = try await notebook(try Phone())
        let people = PeopleModel(notebook)
        people.form = PersonForm(name: "手帳 次郎", born: "2021-06-20", gender: .male)
        people.form.gestation = "とても早く"
        await people.add()
        #expect(people.effort.problem?.what == notebook.words(.gestationUnclear))
        people.form.gestation = "32週3日"
        #expect(await people.add())
    }

    @Test func whatIsNeitherPictureNorDocumentIsNotPutBesideARecord() async throws {
        let (notebook, person) = try await notebook(try Phone())
        let model = WriteModel(notebook, .add(person: person))
        await model.choose(kind: "vaccination")
        (model.values["on"], model.values["vaccine"]) = ("2020-07-01", "mr")
        await model.write()
        let attach = AttachModel(notebook, record: try #require(model.sheet.done?.record))
        await attach.take(Checkout.fixture("kinds/doses.csv"))
        #expect(attach.effort.problem?.what == notebook.words(.notADocument) && attach.fileName == nil)
        await attach.attach()
        #expect(attach.done == nil)
        await attach.take(Checkout.fixture("jahis/photo-without-code.png"))
        attach.title = "接種のページ"
        await attach.attach()
        #expect(attach.done != nil)
    }
}
