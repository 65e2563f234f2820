package jp.techo.notebook.app.ui

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.text.KeyboardActions
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.FilterChip
import androidx.compose.material3.FilterChipDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.unit.dp
import jp.techo.core.BoardRow
import jp.techo.core.PersonView
import jp.techo.core.RecordView
import jp.techo.core.TimelineRow
import jp.techo.notebook.R
import jp.techo.notebook.presentation.Opened
import jp.techo.notebook.presentation.Screen
import jp.techo.notebook.presentation.Shown
import jp.techo.notebook.presentation.screens.People
import jp.techo.notebook.presentation.screens.PersonForm
import jp.techo.notebook.presentation.screens.Search
import jp.techo.notebook.presentation.screens.Timeline

/** What can be tapped on the first screen inside. */
class PeopleActs(
    val timeline: (String?) -> Unit,
    val add: () -> Unit,
    val go: (Screen) -> Unit,
    val postponeKit: () -> Unit,
    val lock: () -> Unit,
)

/** Whose notebooks there are. */
@Composable
fun PeopleScreen(
    shown: Shown<People>,
    frame: Frame,
    acts: PeopleActs,
    hides: Boolean = false,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(
        stringResource(R.string.people_title),
        shown,
        Frame(null, frame.understood, frame.passphrase),
        actions = {
            Eye(hides, isCovered, turn)
            Symbol(R.drawable.ic_lock, R.string.lock_now, acts.lock)
        },
    ) {
        notices(state, acts)
        items(state.people, { it.id }) { person ->
            PersonSheet(person, state.board.find { it.person == person.id }) { acts.timeline(person.id) }
        }
        if (state.isRead && state.people.isEmpty()) item { Body(stringResource(R.string.people_none)) }
        if (state.people.size > 1) item { MenuRow(stringResource(R.string.everybody), R.drawable.ic_people) { acts.timeline(null) } }
        if (state.opened == Opened.WHOLE) item { MenuRow(stringResource(R.string.person_add), R.drawable.ic_add, act = acts.add) }
        menu(state.opened, acts.go)
    }
}

private fun LazyListScope.notices(
    state: People,
    acts: PeopleActs,
) {
    when (state.opened) {
        Opened.SAMPLE ->
            item {
                Attention {
                    Text(stringResource(R.string.sample_note))
                    Other(stringResource(R.string.sample_end), act = acts.lock)
                }
            }
        Opened.RESCUE -> item { Attention { Text(stringResource(R.string.rescue_note)) } }
        Opened.WHOLE -> Unit
    }
    state.unfinished.forEach { fetch ->
        item {
            Attention {
                Text(fetch.text)
                Other(stringResource(R.string.fetch_continue)) { acts.go(Screen.Fetch()) }
            }
        }
    }
    if (state.needsKit) {
        item {
            Attention {
                Text(stringResource(R.string.kit_ask))
                Main(stringResource(R.string.kit_make)) { acts.go(Screen.Kit) }
                Link(stringResource(R.string.kit_later), act = acts.postponeKit)
            }
        }
    }
}

private fun LazyListScope.menu(
    opened: Opened,
    go: (Screen) -> Unit,
) {
    val all =
        listOf(
            Triple(R.string.search_title, R.drawable.ic_search, Screen.Search()),
            Triple(R.string.import_title, R.drawable.ic_file, Screen.Import()),
            Triple(R.string.fetch_title, R.drawable.ic_fetch, Screen.Fetch()),
            Triple(R.string.export_title, R.drawable.ic_export, Screen.Export),
            Triple(R.string.forgets_title, R.drawable.ic_forgets, Screen.Forgets()),
            Triple(R.string.backup_title, R.drawable.ic_backup, Screen.Backup),
            Triple(R.string.consents_title, R.drawable.ic_consent, Screen.Consents),
            Triple(R.string.ledger_title, R.drawable.ic_ledger, Screen.Ledger),
            Triple(R.string.settings_title, R.drawable.ic_settings, Screen.Settings),
        )
    val reading = setOf(Screen.Search(), Screen.Export, Screen.Ledger)
    val offered =
        when (opened) {
            Opened.WHOLE -> all
            Opened.SAMPLE -> all.filter { it.third != Screen.Backup && it.third != Screen.Fetch() }
            Opened.RESCUE -> all.filter { it.third in reading }
        }
    item { Heading(stringResource(R.string.menu)) }
    items(offered, { it.first }) { (text, picture, screen) -> MenuRow(stringResource(text), picture) { go(screen) } }
}

private fun <T> LazyListScope.items(
    all: List<T>,
    key: (T) -> Any,
    row: @Composable (T) -> Unit,
) = items(all.size, { key(all[it]) }) { row(all[it]) }

@Composable
private fun PersonSheet(
    person: PersonView,
    board: BoardRow?,
    open: () -> Unit,
) = Sheet(open) {
    Body(person.name, strong = true)
    person.kana?.let { Note(it) }
    Note(listOfNotNull(person.bornText, board?.ageText?.ifEmpty { null }, person.sexText).joinToString("　"))
    Note(stringResource(R.string.person_records, person.records.toLong()))
    board?.let { BoardLines(it) }
}

/** Somebody more. */
@Composable
fun NewPersonScreen(
    shown: Shown<PersonForm>,
    frame: Frame,
    fill: (PersonForm) -> Unit,
    add: () -> Unit,
) = Page(stringResource(R.string.person_add), shown, frame, bottom = { Main(stringResource(R.string.person_add_go), !shown.isBusy, add) }) {
    item { PersonFields(shown.content, asksGestation = true, fill = fill) }
}

/** What can be tapped on the timeline. */
class TimelineActs(
    val pick: (String?) -> Unit,
    val kind: (String?) -> Unit,
    val more: () -> Unit,
    val event: (String) -> Unit,
    val search: () -> Unit,
    val history: () -> Unit,
    val take: () -> Unit,
    val write: () -> Unit,
    val medicines: () -> Unit,
    val changes: () -> Unit,
    val family: FamilyActs,
    val showing: ShowingActs,
)

/** The ways to what families ask for. */
class FamilyActs(
    val plan: () -> Unit,
    val due: () -> Unit,
    val growth: () -> Unit,
    val forgets: () -> Unit,
)

/** The ways to what somebody else is shown or handed of the person. */
class ShowingActs(
    val clinic: () -> Unit,
    val card: () -> Unit,
    val report: () -> Unit,
    val codes: () -> Unit,
)

/** What happened, the newest first. */
@Composable
fun TimelineScreen(
    shown: Shown<Timeline>,
    frame: Frame,
    acts: TimelineActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    val isOne = state.person != null || state.people.size == 1
    val whose = state.people.find { it.id == state.person }?.name ?: stringResource(R.string.everybody)
    Page(
        whose,
        shown,
        frame,
        actions = {
            Eye(hides, isCovered, turn)
            if (isOne) Symbol(R.drawable.ic_history, R.string.history_title, acts.history)
            Symbol(R.drawable.ic_search, R.string.search_title, acts.search)
        },
    ) {
        if (isOne && state.isRead) {
            item {
                Pairs {
                    MenuRow(stringResource(R.string.write_title), R.drawable.ic_add, act = acts.write)
                    MenuRow(stringResource(R.string.medicines_title), R.drawable.ic_check, act = acts.medicines)
                    MenuRow(stringResource(R.string.changes_title), R.drawable.ic_ledger, act = acts.changes)
                    MenuRow(stringResource(R.string.plan_title), R.drawable.ic_plan, act = acts.family.plan)
                    MenuRow(stringResource(R.string.due_title), R.drawable.ic_due, act = acts.family.due)
                    MenuRow(stringResource(R.string.growth_title), R.drawable.ic_growth, act = acts.family.growth)
                    MenuRow(stringResource(R.string.forgets_title), R.drawable.ic_forgets, act = acts.family.forgets)
                    MenuRow(stringResource(R.string.clinic_title), R.drawable.ic_eye, act = acts.showing.clinic)
                    MenuRow(stringResource(R.string.card_title), R.drawable.ic_emergency, act = acts.showing.card)
                    MenuRow(stringResource(R.string.report_title), R.drawable.ic_file, act = acts.showing.report)
                    MenuRow(stringResource(R.string.codes_title), R.drawable.ic_codes, act = acts.showing.codes)
                }
            }
        }
        item { Filters(state, acts) }
        items(state.rows, { it.id }) { row -> EventRow(row, state.person == null && state.people.size > 1) { acts.event(row.id) } }
        if (state.isRead && state.rows.isEmpty() && !shown.isBusy) {
            item { Body(stringResource(R.string.timeline_none)) }
            item { Other(stringResource(R.string.import_title), act = acts.take) }
        }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, acts.more) }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Filters(
    state: Timeline,
    acts: TimelineActs,
) = Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
    if (state.people.size > 1) {
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            Choice(stringResource(R.string.everybody), state.person == null) { acts.pick(null) }
            state.people.forEach { person -> Choice(person.name, state.person == person.id) { acts.pick(person.id) } }
        }
    }
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Choice(stringResource(R.string.every_kind), state.kind == null) { acts.kind(null) }
        state.kinds.forEach { kind -> Choice(kind.name, state.kind == kind.id) { acts.kind(kind.id) } }
    }
}

@Composable
internal fun Choice(
    text: String,
    isPicked: Boolean,
    pick: () -> Unit,
) = FilterChip(
    isPicked,
    pick,
    { Text(if (isPicked) "✓ $text" else text) },
    Modifier.heightIn(min = LEAST),
    border = FilterChipDefaults.filterChipBorder(true, isPicked, borderColor = MaterialTheme.colorScheme.outline),
)

@Composable
private fun EventRow(
    row: TimelineRow,
    names: Boolean,
    open: () -> Unit,
) = Sheet(open) {
    Note(if (names) "${row.dateText}　${row.personName}" else row.dateText)
    HiddenValue { Body(row.title, strong = true) }
    Note(listOfNotNull(row.kindName, row.source).joinToString("　"))
    row.sourcesText?.let { Note(it) }
}

/** What can be tapped while searching. */
class SearchActs(
    val type: (String) -> Unit,
    val search: () -> Unit,
    val more: () -> Unit,
    val open: (RecordView) -> Unit,
)

/** Searching. */
@Composable
fun SearchScreen(
    shown: Shown<Search>,
    frame: Frame,
    acts: SearchActs,
    hides: Boolean,
) = Hiding(hides) { isCovered, turn ->
    val state = shown.content
    Page(stringResource(R.string.search_title), shown, frame, actions = { Eye(hides, isCovered, turn) }) {
        item {
            Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
                OutlinedTextField(
                    state.words,
                    acts.type,
                    Modifier.fillMaxWidth(),
                    label = { Text(stringResource(R.string.search_words)) },
                    singleLine = true,
                    keyboardOptions = KeyboardOptions(imeAction = ImeAction.Search),
                    keyboardActions = KeyboardActions(onSearch = { acts.search() }),
                )
                Main(stringResource(R.string.search_go), state.words.isNotBlank(), acts.search)
            }
        }
        items(state.found.size) { at -> RecordRow(state.found[at], true) { acts.open(state.found[at]) } }
        if (state.searched != null && state.found.isEmpty() &&
            !shown.isBusy
        ) {
            item { Body(stringResource(R.string.search_none, state.searched.orEmpty())) }
        }
        if (state.next != null) item { Other(stringResource(R.string.more), !shown.isBusy, acts.more) }
    }
}
