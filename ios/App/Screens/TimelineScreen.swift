// The records by day, with the fetches that wait and the reminder of the recovery kit above them.
import SwiftUI
import TechoKit

struct TimelineScreen: View {
    @State var model: TimelineModel
    let app: TechoModel
    let notebook: Notebook
    @State private var route: Route?
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            List {
                reminders
                EffortSection(effort: model.effort)
                if model.isEmpty { Text(words(.noRecords)) }
                ForEach(model.rows) { row in
                    NavigationLink {
                        EventScreen(model: EventModel(notebook, id: row.id), notebook: notebook)
                    } label: {
                        TimelineRowView(row: row)
                    }
                    .task {
                        if row.id == model.rows.last?.id { await model.loadMore() }
                    }
                }
            }
            .navigationTitle(words(.timeline))
            .toolbar { tools }
            .refreshable { await model.load() }
            .task(id: "\(notebook.edition) \(notebook.personID ?? "") \(model.kindID ?? "")") { await model.load() }
            .navigationDestination(item: $route) { route in destination(route) }
        }
    }

    /// Where a menu or a reminder leads; a link inside a menu would lead nowhere.
    private enum Route: Hashable {
        case takeIn
        case fetch
        case export
    }

    @ViewBuilder private func destination(_ route: Route) -> some View {
        switch route {
        case .takeIn: ImportScreen(model: ImportModel(notebook), people: PeopleModel(notebook))
        case .fetch:
            if let fetch = app.fetch { FetchScreen(model: fetch, people: PeopleModel(notebook)) }
        case .export: ExportScreen(model: ExportModel(notebook), people: PeopleModel(notebook))
        }
    }

    @ViewBuilder private var reminders: some View {
        ForEach(model.unfinished) { unfinished in
            Section(words(.unfinished)) {
                Text(unfinished.text)
                Text(unfinished.begunText).font(.footnote)
                Button(words(.goOn)) {
                    _ = app.startFetch()
                    route = .fetch
                    Task { await app.resumeFetch(unfinished.id) }
                }
            }
        }
        if notebook.needsRecoveryKit {
            Section {
                Text(words(.recoveryKitReminder))
                NavigationLink(words(.makeRecoveryKit)) { RecoveryKitScreen(model: RecoveryKitModel(notebook)) }
                Button(words(.later)) {
                    Task { await RecoveryKitModel(notebook).postpone() }
                }
            }
        }
    }

    @ToolbarContentBuilder private var tools: some ToolbarContent {
        ToolbarItem(placement: .topBarLeading) {
            Menu {
                Picker(words(.allKinds), selection: $model.kindID) {
                    Text(words(.allKinds)).tag(String?.none)
                    ForEach(model.kinds) { kind in
                        Text(kind.name).tag(String?.some(kind.id))
                    }
                }
            } label: {
                Label(words(.allKinds), systemImage: "line.3.horizontal.decrease.circle")
            }
        }
        ToolbarItem(placement: .topBarTrailing) {
            Menu {
                Button(words(.takeIn)) { route = .takeIn }
                Button(words(.fetch)) {
                    _ = app.startFetch()
                    route = .fetch
                }
                Button(words(.export)) { route = .export }
            } label: {
                Label(words(.takeIn), systemImage: "plus")
            }
        }
    }
}

/// One line of the timeline.
private struct TimelineRowView: View {
    let row: TimelineRowState

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(row.title)
            Text(verbatim: "\(row.dateText)  \(row.kindName)  \(row.personName)")
                .font(.footnote).foregroundStyle(.secondary)
            if let source = row.source { Text(source).font(.footnote).foregroundStyle(.secondary) }
        }
        .frame(minHeight: 44)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(row.spoken)
    }
}

struct SearchScreen: View {
    @State var model: SearchModel
    let notebook: Notebook
    @Environment(\.words) private var words: Words

    var body: some View {
        NavigationStack {
            List {
                EffortSection(effort: model.effort)
                if model.foundNothing { Text(words(.foundNothing)) }
                ForEach(model.found) { record in
                    NavigationLink {
                        RecordScreen(model: RecordModel(notebook, id: record.id), notebook: notebook)
                    } label: {
                        RecordRow(record: record, veil: notebook.veil)
                    }
                    .disabled(record.record == nil)
                }
                if model.hasMore {
                    Button(words(.more)) {
                        Task { await model.loadMore() }
                    }
                }
            }
            .navigationTitle(words(.search))
            .searchable(text: $model.text, prompt: words(.searchHint))
            .onSubmit(of: .search) {
                Task { await model.search() }
            }
        }
    }
}
