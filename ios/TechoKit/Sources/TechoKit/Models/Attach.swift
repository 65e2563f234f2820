// A photo or a PDF beside a record: kept as a document of the same person, then attached.
import Foundation
import Observation
import TechoCore

@MainActor @Observable public final class AttachModel {
    /// The record, by its name.
    public private(set) var recordTitle = ""
    /// What was picked; `nil` before.
    public private(set) var fileName: String?
    public var title = ""
    /// As in `2024-05-03`; may be empty.
    public var day = ""
    public private(set) var done: ChangeState?
    public let effort: Effort

    @ObservationIgnored private let notebook: Notebook
    @ObservationIgnored private let record: String
    @ObservationIgnored private var held: Apart<ImportDraft>?
    @ObservationIgnored private var file: PickedFile?

    public init(_ notebook: Notebook, record: String) {
        self.notebook = notebook
        self.record = record
        effort = Effort(notebook.words)
    }

    public func load() async {
        await effort.run {
            let record = record
            recordTitle = try await notebook.vault.quick { try $0.record(id: record).title }
        }
    }

    /// Lets the person pick a picture or a PDF.
    public func pick() async {
        guard let picked = await notebook.platform.picker.pick() else { return }
        await take(picked)
    }

    func take(_ picked: PickedFile) async {
        letGo()
        file = picked
        let worked = await effort.run {
            let (path, name) = (picked.path, picked.name)
            let held = notebook.vault.beside(try await notebook.vault.long { try $0.look(path: path, name: name) })
            guard held.instant({ $0.view().canKeep }) else { throw Missing(what: notebook.words(.notADocument)) }
            self.held = held
            fileName = name
        }
        if !worked { letGo() }
    }

    /// Keeps it, and puts it beside the record.
    public func attach() async {
        guard let held else { return }
        await effort.run {
            let (record, title, day) = (record, title, day)
            let writer = PenForm().writer(notebook.platform.clock.now())
            let person = try await notebook.vault.quick { try $0.record(id: record).person }
            let kept = try await held.long {
                try $0.keep(person: person, title: title, day: day, digitsChecked: false)
            }
            guard let document = kept.document else { throw TechoError.NotFound }
            done = try await notebook.vault.quick { vault in
                let entry = try vault.attach(id: record, document: document, writer: writer).entry
                let rows = try vault.changes(of: person, after: nil).rows
                return rows.first { $0.entry == entry }.map { ChangeState($0) }
            }
            letGo()
            await notebook.hasChanged()
        }
    }

    /// Leaves what was picked; the file stays where it is.
    public func letGo() {
        file?.done()
        (file, held, fileName) = (nil, nil, nil)
    }
}
